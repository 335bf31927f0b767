"""Outcome and severity of every rule, for whoever judges very many cases and has checked the facts before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.deciding import decisions
from mystery_shopper.rules.results import Outcome


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
    return tuple(
        Verdict(
            rule.id, rule.version, decision[0], decision[2], decision[0] is Outcome.RAISED or rule.is_stated(values)
        )
        for rule, _, decision in decisions(values, catalogue, regime, day)
    )
