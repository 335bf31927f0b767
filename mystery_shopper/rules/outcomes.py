"""The answers of rules without their words: outcome and severity alone, for whoever judges very many cases.

`engine.evaluate` gives the same outcomes and severities with explanation and trace; a property test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.catalogue import Catalogue, Rule, Variant
from mystery_shopper.rules.engine import Memo
from mystery_shopper.rules.logic import Context, Unknown
from mystery_shopper.rules.regimes import Regime
from mystery_shopper.rules.results import Outcome

_HARMLESS = frozenset({Outcome.CLEARED, Outcome.NOT_APPLICABLE})


class Verdict(NamedTuple):
    """The answer of one rule; see `RuleResult` for what the fields mean."""

    rule_id: str
    rule_version: str
    outcome: Outcome
    severity: int
    triggered: bool


def outcomes(values: Mapping[str, FactValue], *, catalogue: Catalogue) -> tuple[Verdict, ...]:
    """Judge a set of facts by the rules of a pack, in order of rule id.

    `values` must be facts of the pack's registry that their definitions accept (units as in `evaluate`): they are not
    checked again here.
    """
    day = catalogue.regimes.day(values)
    regime = catalogue.regimes.in_force(values, day) if day is not None else None
    memo: Memo = {}
    return tuple(_verdict(rule, values, catalogue, regime, day, memo) for rule in catalogue.rules)


def _verdict(
    rule: Rule,
    values: Mapping[str, FactValue],
    catalogue: Catalogue,
    regime: Regime | None,
    day: date | None,
    memo: Memo,
) -> Verdict:
    if day is None:
        outcome, severity = _without_a_day(rule, values, catalogue)
    else:
        variant = rule.variant(regime.id, day) if regime is not None else None
        if variant is None:
            outcome, severity = Outcome.NOT_APPLICABLE, rule.severity
        else:
            outcome, severity = _decide(variant, Context(values, day, {}, {}, memo, traces=False))
    return Verdict(rule.id, rule.version, outcome, severity, outcome is Outcome.RAISED or _is_stated(rule, values))


def _is_stated(rule: Rule, values: Mapping[str, FactValue]) -> bool:
    for trigger in rule.triggers:
        if trigger.stated(values):
            return True
    return any(complaint.stated(values) for complaint in rule.complaints) if rule.complaints else False


def _without_a_day(rule: Rule, values: Mapping[str, FactValue], catalogue: Catalogue) -> tuple[Outcome, int]:
    """Return the answer although the day is not known: undecided unless no regime could raise the rule."""
    answers = [
        _decide(variant, Context(values, None, {}, {}, {}, traces=False))
        for regime in catalogue.regimes.candidates(values)
        for variant in rule.variants.get(regime.id, ())
    ]
    if answers and all(outcome in _HARMLESS for outcome, _ in answers):
        return next((answer for answer in answers if answer[0] is Outcome.CLEARED), answers[0])
    return Outcome.UNDECIDED, rule.severity


def _decide(variant: Variant, context: Context) -> tuple[Outcome, int]:
    """Return outcome and severity under one variant; the severity of what is not raised is that of its gravest test."""
    gravest = variant.findings[0].severity
    applies = variant.applies.when.run(context) if variant.applies else True
    if applies is False:
        return Outcome.NOT_APPLICABLE, gravest
    raised, waits = None, isinstance(applies, Unknown)
    is_open = False
    for finding in variant.findings:
        truth = finding.when.run(context)
        if truth is True:
            raised = finding
            break
        is_open = is_open or truth is not False
    if raised is None and not is_open:
        return Outcome.CLEARED, gravest
    for clearance in variant.clearances:
        truth = clearance.when.run(context)
        if truth is True:
            return clearance.outcome, gravest
        waits = waits or (clearance.asks and truth is not False)
    if raised is None or waits:
        return Outcome.UNDECIDED, gravest
    return Outcome.RAISED, raised.severity
