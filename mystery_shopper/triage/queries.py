"""Reads of triage: what is known of a case, and how often each rule speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from mystery_shopper.cases.assessment import register_facts
from mystery_shopper.cases.models import Case, CaseFact, Flag, FlagDecision
from mystery_shopper.cases.queries import list_facts, list_flags, list_reports
from mystery_shopper.core.db import db
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.catalogue import Rule
from mystery_shopper.rules.changes import in_words, nearest_changes
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.results import Outcome
from mystery_shopper.triage.precision import Precision


def fact_values(case: Case) -> dict[str, FactValue]:
    """Return the facts in force of a case as typed values; one the registry no longer knows is left out."""
    values: dict[str, FactValue] = {}
    for row in list_facts(case):
        value = _value(case, row)
        if value is not None:
            values[row.fact_id] = value
    return values


def _value(case: Case, row: CaseFact) -> FactValue | None:
    definition = registry().get(row.fact_id)
    if definition is None:
        return None
    try:
        return from_json(definition, row.value_json(case.data_key))
    except FactValueError:
        return None


def scope_answers(case: Case) -> dict[str, str]:
    """Return what the reporters of a case answered to the scope questions; the latest report counts."""
    answers: dict[str, str] = {}
    for report in list_reports(case):
        answers |= dict(report.content.scope_answers)
    return answers


def barriers(case: Case) -> tuple[str, ...]:
    """Return the kinds of barrier the reporters of a case chose."""
    return tuple(barrier for report in list_reports(case) for barrier in report.content.barriers)


@dataclass(frozen=True)
class RuleCounts:
    """How often a rule is raised on cases now, and what people made of it."""

    raised: int = 0
    confirmed: int = 0
    overruled: int = 0
    undecided: int = 0

    @property
    def precision(self) -> Precision:
        """How often it was right, of the flags that people decided."""
        return Precision(self.confirmed, self.overruled)


def rule_counts() -> Mapping[str, RuleCounts]:
    """Return the counts of every rule, by rule id: one pass over an index, no case is opened."""
    rows = db.session.execute(
        select(Flag.rule_id, Flag.outcome, Flag.decision, func.count())
        .where(Flag.is_current, Flag.outcome.in_((Outcome.RAISED.value, Outcome.UNDECIDED.value)))
        .group_by(Flag.rule_id, Flag.outcome, Flag.decision)
    )
    tallies: dict[str, dict[str, int]] = {}
    for rule_id, outcome, decision, count in rows:
        tally = tallies.setdefault(rule_id, {"raised": 0, "confirmed": 0, "overruled": 0, "undecided": 0})
        if outcome == Outcome.UNDECIDED:
            tally["undecided"] += count
            continue
        tally["raised"] += count
        if decision is not FlagDecision.UNDECIDED:
            tally[decision.value] += count
    return {rule_id: RuleCounts(**tally) for rule_id, tally in tallies.items()}


def find_rule(rule_id: str) -> Rule | None:
    """Return a rule of the catalogue."""
    return next((rule for rule in catalogue().rules if rule.id == rule_id), None)


@dataclass(frozen=True)
class FlagView:
    """A flag as the case page shows it; `result` is the rule's answer in JSON form, `inputs` are label and value.

    `changes` are the nearest values under which the rule would say otherwise, in words.
    """

    flag: Flag
    result: Mapping[str, Any]
    inputs: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    would_change: tuple[str, ...]
    changes: tuple[str, ...]
    reason: str

    @property
    def is_overruled(self) -> bool:
        """Tell whether a caseworker overruled it."""
        return self.flag.decision is FlagDecision.OVERRULED


def show_flag(case: Case, flag: Flag, values: Mapping[str, FactValue] | None = None) -> FlagView:
    """Open one flag for a page; `values` are the facts in force where they were read already."""
    known = fact_values(case) if values is None else values
    result = flag.result_json(case.data_key)
    return FlagView(
        flag=flag,
        result=result,
        inputs=tuple(_labelled(fact_id, raw) for fact_id, raw in result.get("inputs", {}).items()),
        missing=tuple(_title(fact_id) for fact_id in result.get("missing", ())),
        would_change=tuple(_title(fact_id) for fact_id in result.get("open_facts", ())),
        changes=_changes(flag, {**register_facts(case.authority), **known}),
        reason=flag.reason(case.data_key),
    )


def _changes(flag: Flag, values: Mapping[str, FactValue]) -> tuple[str, ...]:
    """Return what would change a raised flag; nothing where the rule or the facts are no longer those it rests on."""
    rule, pack = find_rule(flag.rule_id), catalogue()
    if flag.outcome != Outcome.RAISED or rule is None or rule.version != flag.rule_version:
        return ()
    result = evaluate(values, catalogue=pack, rule_ids=(rule.id,)).results[0]
    if result.outcome is not Outcome.RAISED:
        return ()
    return tuple(in_words(change, pack) for change in nearest_changes(result, values, pack))


def flag_views(case: Case) -> dict[str, list[FlagView]]:
    """Return the flags in force of a case by outcome, the most severe first."""
    grouped: dict[str, list[FlagView]] = {outcome.value: [] for outcome in Outcome}
    values = fact_values(case)
    for flag in list_flags(case):
        grouped[flag.outcome].append(show_flag(case, flag, values))
    return grouped


def _title(fact_id: str) -> str:
    definition = registry().get(fact_id)
    return fact_id if definition is None else definition.title


def _labelled(fact_id: str, raw: Any) -> tuple[str, str]:
    definition = registry().get(fact_id)
    if definition is None:
        return fact_id, str(raw)
    try:
        return definition.title, display(definition, from_json(definition, raw))
    except FactValueError:
        return definition.title, str(raw)
