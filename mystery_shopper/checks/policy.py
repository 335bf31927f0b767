"""From the words of a requirement to what the rules say of it, with wording to use instead. Pure: nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.extraction.policy import Finding
from mystery_shopper.extraction.reader import extract
from mystery_shopper.facts.definitions import AskedOf, FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.proportionate import wording_for
from mystery_shopper.rules.questions import questions_for
from mystery_shopper.rules.results import Evaluation, Outcome, RuleResult
from mystery_shopper.rules.translating import catalogue_in

TEXT_MAX = 20_000
MOST_QUESTIONS = 6
"""Questions shown at a time: those that would decide most."""
START_FACT = "procurement_start_date"


@dataclass(frozen=True)
class Advice:
    """One thing the rules object to, and wording to use instead."""

    result: RuleResult
    instead: str


@dataclass(frozen=True)
class Check:
    """What was read in a requirement, what the rules say of it, and what would have to be known to say more."""

    text: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, FactValue]
    advice: tuple[Advice, ...]
    fits: tuple[RuleResult, ...]
    open_facts: tuple[str, ...]
    language: str


def read_requirement(text: str, given: Mapping[str, FactValue], *, today: date, language: str = ENGLISH) -> Check:
    """Return what the rules say of a requirement with what its text states; `given` says more. Nothing is confirmed.

    `language` is that of the person who reads it; `Check.language` is that of the words of the rules.

    Raises:
        TextTooLongError: the text is longer than extraction reads.
    """
    findings = tuple(finding for finding in extract(text).findings if _is_shown(finding.fact_id))
    stated = {finding.fact_id: finding.value for finding in findings}
    return _check(text, findings, {START_FACT: today, **stated, **given}, language)


def judge_requirement(text: str, facts: Mapping[str, FactValue], *, today: date, language: str = ENGLISH) -> Check:
    """Return what the rules say of the facts as a person corrected them. The text is only shown again."""
    findings = tuple(finding for finding in extract(text).findings if _is_shown(finding.fact_id))
    return _check(text, findings, {START_FACT: today, **facts}, language)


def _is_shown(fact_id: str) -> bool:
    """A complaint about a buyer is not what a buyer checks: only facts that people are asked for count here."""
    return registry()[fact_id].asked_of is AskedOf.REPORTER


def _check(text: str, findings: tuple[Finding, ...], facts: Mapping[str, FactValue], language: str) -> Check:
    pack = catalogue_in(language)
    evaluation = evaluate(facts, catalogue=pack)
    raised = sorted(evaluation.raised, key=lambda result: (-result.severity, result.rule_id))
    return Check(
        text=text,
        findings=findings,
        facts=facts,
        advice=tuple(Advice(result, wording_for(result.rule_id, facts, language=pack.language)) for result in raised),
        fits=tuple(one for one in evaluation.results if one.outcome is Outcome.CLEARED and one.triggered),
        open_facts=_open_facts(evaluation, facts),
        language=pack.language,
    )


def _open_facts(evaluation: Evaluation, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    return tuple(fact_id for fact_id in questions_for(evaluation) if fact_id not in facts)[:MOST_QUESTIONS]
