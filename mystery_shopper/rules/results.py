"""What an evaluation gives back. Plain frozen values; `schemas.py` turns them into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mystery_shopper.facts.definitions import FactValue


class Outcome(StrEnum):
    """Answer of one rule."""

    RAISED = "raised"
    CLEARED = "cleared"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not-applicable"


class Kind(StrEnum):
    """How firmly a rule speaks: legal limit, limit that can be justified, proportionality, policy, suggestion."""

    HARD = "hard"
    REBUTTABLE = "rebuttable"
    JUDGEMENT = "judgement"
    POLICY = "policy"
    INFO = "info"


class Basis(StrEnum):
    """Where a figure comes from: the law, published policy, or an assumption of this project (open to change)."""

    LAW = "law"
    POLICY = "policy"
    PROJECT_ASSUMPTION = "project-assumption"


class Level(StrEnum):
    """Severity in words: 1 and 2 low, 3 medium, 4 and 5 high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_LEVELS = {1: Level.LOW, 2: Level.LOW, 3: Level.MEDIUM, 4: Level.HIGH, 5: Level.HIGH}


@dataclass(frozen=True)
class Source:
    """A place in law or guidance a rule rests on.

    `verified` tells whether its text was read. `regime` is None for one that holds under every regime. `starts_on` and
    `ends_on` (inclusive) bound the procurements it covers, by the day they started.
    """

    title: str
    section: str
    says: str
    address: str
    verified: bool
    regime: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class ParameterUse:
    """One dated value as it was used: `display` is the value in words, `key` the table row taken."""

    parameter: str
    title: str
    value: FactValue
    display: str
    basis: Basis
    source: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleResult:
    """The answer of one rule on one set of facts.

    `inputs` are the known facts the rule read. `missing` are the facts that could decide an undecided result, in
    registry order. `open_facts` are facts that are not known and could still soften, clear or worsen a raised one.
    `figures_missing` are dated values the pack does not hold. `triggered` tells whether anything the rule is about
    was stated at all: an undecided rule that is not triggered is of no interest to anybody yet. `test` is the id of
    the test that raised it.
    """

    rule_id: str
    rule_version: str
    title: str
    regime: str | None
    outcome: Outcome
    kind: Kind
    severity: int
    strength: str
    explanation: str
    triggered: bool
    margin: str = ""
    test: str = ""
    inputs: Mapping[str, FactValue] = ()  # type: ignore[assignment]
    thresholds: tuple[ParameterUse, ...] = ()
    missing: tuple[str, ...] = ()
    open_facts: tuple[str, ...] = ()
    figures_missing: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def level(self) -> Level:
        """Severity in words."""
        return _LEVELS[self.severity]


@dataclass(frozen=True)
class Evaluation:
    """The answers of a whole catalogue.

    `regime` is None when it is not known or none covers the day; `missing` then names the facts that would tell.
    `assumed` are facts that were not stated and were taken as false to choose the regime.
    """

    catalogue_version: str
    regime: str | None
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    notice: str
    results: tuple[RuleResult, ...]

    def result(self, rule_id: str) -> RuleResult:
        """Return the answer of one rule. Raises KeyError when it was not evaluated."""
        for result in self.results:
            if result.rule_id == rule_id:
                return result
        raise KeyError(rule_id)

    @property
    def raised(self) -> tuple[RuleResult, ...]:
        """Results that raise a flag."""
        return tuple(result for result in self.results if result.outcome is Outcome.RAISED)

    @property
    def open_questions(self) -> tuple[RuleResult, ...]:
        """Results that something was stated about and that cannot be decided yet."""
        return tuple(r for r in self.results if r.outcome is Outcome.UNDECIDED and r.triggered)
