"""What an evaluation gives back. Plain frozen values; `schemas.py` turns them into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mystery_shopper.facts.definitions import FactValue

if TYPE_CHECKING:
    from mystery_shopper.rules.catalogue import Clearance, Finding, Rule


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


class Decision(NamedTuple):
    """The bare answer of a rule: `ground` is the test that raised it, or the exception that holds."""

    outcome: Outcome
    kind: Kind
    severity: int
    ground: Finding | Clearance | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a result rests on, and its words.

    `inputs` are the known facts the rule read. `missing` are the facts that could decide an undecided result, in
    registry order. `open_facts` are facts that are not known and could still soften, clear or worsen a raised one.
    `figures_missing` are dated values the pack does not hold.
    """

    explanation: str
    inputs: Mapping[str, FactValue]
    margin: str = ""
    thresholds: tuple[ParameterUse, ...] = ()
    missing: tuple[str, ...] = ()
    open_facts: tuple[str, ...] = ()
    figures_missing: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Explains(Protocol):
    """Whoever can say why a rule answers as it does."""

    def explain(self, result: RuleResult) -> Grounds:
        """Return what a result rests on."""

    def strength(self, kind: Kind) -> str:
        """Say how firmly a kind of rule speaks."""


class RuleResult:
    """The answer of one rule on one set of facts. Not changed once made.

    `triggered` tells whether anything the rule is about was stated at all: an undecided rule that is not triggered is
    of no interest to anybody yet. `test` is the id of the test that raised it. What it rests on, its words among it
    (see `Grounds`), is worked out from the same facts when first asked for: of most rules nobody asks.
    """

    __slots__ = ("_explainer", "_facts", "_grounds", "decision", "regime", "rule")

    def __init__(
        self,
        rule: Rule,
        decision: Decision,
        facts: Mapping[str, FactValue],
        regime: str | None,
        explainer: Explains,
    ) -> None:
        self.rule = rule
        self.decision = decision
        self.regime = regime
        self._facts = facts
        self._explainer = explainer
        self._grounds: Grounds | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RuleResult):
            return NotImplemented
        return self._head == other._head and self.grounds == other.grounds

    __hash__ = None  # type: ignore[assignment]

    @property
    def _head(self) -> tuple[object, ...]:
        return (self.rule_id, self.rule_version, self.regime, self.outcome, self.kind, self.severity, self.test)

    @property
    def grounds(self) -> Grounds:
        """What the result rests on."""
        if self._grounds is None:
            self._grounds = self._explainer.explain(self)
        return self._grounds

    @property
    def rule_id(self) -> str:
        """Id of the rule."""
        return self.rule.id

    @property
    def rule_version(self) -> str:
        """Version of the rule."""
        return self.rule.version

    @property
    def title(self) -> str:
        """Title of the rule."""
        return self.rule.title

    @property
    def outcome(self) -> Outcome:
        """The answer."""
        return self.decision.outcome

    @property
    def kind(self) -> Kind:
        """How firmly it speaks."""
        return self.decision.kind

    @property
    def severity(self) -> int:
        """Severity from 1 to 5."""
        return self.decision.severity

    @property
    def level(self) -> Level:
        """Severity in words."""
        return _LEVELS[self.severity]

    @property
    def test(self) -> str:
        """Id of the test that raised it; empty for any other result."""
        ground = self.decision.ground
        return ground.id if ground is not None and self.outcome is Outcome.RAISED else ""

    @property
    def triggered(self) -> bool:
        """Whether anything the rule is about was stated."""
        return self.outcome is Outcome.RAISED or self.rule.is_stated(self._facts)

    @property
    def strength(self) -> str:
        """How firmly it speaks, in words."""
        return self._explainer.strength(self.kind)

    @property
    def explanation(self) -> str:
        """The answer in words."""
        return self.grounds.explanation

    @property
    def margin(self) -> str:
        """How far the facts are from the figure, in words."""
        return self.grounds.margin

    @property
    def inputs(self) -> Mapping[str, FactValue]:
        """Known facts the rule read."""
        return self.grounds.inputs

    @property
    def thresholds(self) -> tuple[ParameterUse, ...]:
        """Dated values the rule read."""
        return self.grounds.thresholds

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that could decide it."""
        return self.grounds.missing

    @property
    def open_facts(self) -> tuple[str, ...]:
        """Facts that could still change a raised result."""
        return self.grounds.open_facts

    @property
    def figures_missing(self) -> tuple[str, ...]:
        """Dated values the pack does not hold."""
        return self.grounds.figures_missing

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the rule comes from."""
        return self.grounds.sources


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
