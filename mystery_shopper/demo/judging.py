"""What the rules and the routing table say of the cases of a crowd: asked once for all cases with the same facts."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.assessment import assess, register_facts
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.vault import to_json_text
from mystery_shopper.demo.crowd import Outline
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import parse, to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.results import Outcome
from mystery_shopper.rules.schemas import result_json
from mystery_shopper.triage import policy

KEPT = 6000
"""Judgements kept in memory; each holds the results of some rules as text."""


class JudgedFlag(NamedTuple):
    """The columns of a flag, and its result as the text that is sealed."""

    columns: Mapping[str, Any]
    result: str
    is_raised: bool


@dataclass(frozen=True)
class Judged:
    """What is the same for every case with these facts and an authority of this kind."""

    values: Mapping[str, FactValue]
    fact_texts: tuple[tuple[str, str], ...]
    regime: str | None
    catalogue_version: str
    flags: tuple[JudgedFlag, ...]
    raised: tuple[str, ...]
    undecided: tuple[str, ...]
    strength: policy.Strength
    payment: policy.AboutPayment
    barriers: tuple[str, ...]


class Bench:
    """Judges, and remembers what was judged lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Judged] = OrderedDict()

    def judge(self, outline: Outline, authority: Authority | None) -> Judged:
        """Return what the rules say of a case."""
        key = (tuple(register_facts(authority).items()), outline.facts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _judge(outline, authority)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found


def _judge(outline: Outline, authority: Authority | None) -> Judged:
    known = registry()
    values = {name: parse(known[name], text) for name, text in outline.facts}
    evaluation = assess(values, authority)
    families = tuple(family.id for family in catalogue().families if not values.keys().isdisjoint(family.facts))
    return Judged(
        values=values,
        fact_texts=tuple((name, to_json_text(to_json(known[name], value))) for name, value in values.items()),
        regime=evaluation.regime,
        catalogue_version=evaluation.catalogue_version,
        flags=tuple(
            JudgedFlag(
                {
                    "rule_id": result.rule_id,
                    "rule_version": result.rule_version,
                    "catalogue_version": evaluation.catalogue_version,
                    "regime": result.regime,
                    "outcome": result.outcome.value,
                    "kind": result.kind.value,
                    "severity": result.severity,
                },
                to_json_text(result_json(result, catalogue())),
                result.outcome is Outcome.RAISED,
            )
            for result in evaluation.results
            if policy.is_worth_keeping(result)
        ),
        raised=tuple(result.rule_id for result in evaluation.raised),
        undecided=tuple(result.rule_id for result in evaluation.open_questions),
        strength=policy.strength_of(evaluation),
        payment=policy.is_about_payment(evaluation, families),
        barriers=families,
    )


def route_of(outline: Outline, judged: Judged, authority: Authority | None) -> tuple[policy.Route, policy.ScopeFinding]:
    """Return where the routing table puts a case on the day it comes, and whether it is in scope."""
    started = judged.values.get("procurement_start_date")
    scope = policy.scope_finding(
        authority.scope.value if authority else None,
        judged.values,
        {},
        received_on=outline.received_on,
        started_on=started if isinstance(started, date) else None,
    )
    conditions = policy.Conditions(
        scope=scope,
        sector=policy.sector_of(authority.type.value if authority else None, is_main_contractor=False),
        tender=policy.tender_clock(outline.closes_on, outline.received_on, bank_holidays()),
        strength=judged.strength,
        payment=judged.payment,
    )
    return policy.route(conditions), scope
