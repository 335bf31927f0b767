"""A rule pack in memory: rules with their compiled tests, dated values, regimes, families of barriers and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mystery_shopper.facts.definitions import FactRegistry, FactValue
from mystery_shopper.rules.compiler import Compiled
from mystery_shopper.rules.parameters import Parameter
from mystery_shopper.rules.regimes import Regimes
from mystery_shopper.rules.results import Kind, Outcome, Source
from mystery_shopper.rules.wording import Sentence, Wording


@dataclass(frozen=True)
class Finding:
    """One test: when it is true the rule is raised with this kind, severity and explanation."""

    id: str
    when: Compiled
    kind: Kind
    severity: int
    explanation: tuple[Sentence, ...]
    margin: Sentence | None


@dataclass(frozen=True)
class Clearance:
    """An exception: when it is known to be true nothing is raised; `asks` makes the rule wait until it is known."""

    id: str
    when: Compiled
    text: str
    outcome: Outcome
    asks: bool


@dataclass(frozen=True)
class Applicability:
    """A condition outside which a variant does not apply, and the sentence that says so."""

    when: Compiled
    otherwise: str


@dataclass(frozen=True)
class Variant:
    """A rule under one regime, for procurements started from `starts_on` to `ends_on`; findings gravest first."""

    regime: str
    starts_on: date | None
    ends_on: date | None
    applies: Applicability | None
    findings: tuple[Finding, ...]
    clearances: tuple[Clearance, ...]
    cleared: str
    facts: frozenset[str]

    def covers(self, day: date) -> bool:
        """Tell whether a procurement that started on `day` falls within the dates."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Trigger:
    """A fact that makes a rule of interest: any value but no, or (`when_no`) the answer no, or a number `above`."""

    fact: str
    when_no: bool = False
    above: Decimal | None = None

    def stated(self, facts: Mapping[str, FactValue]) -> bool:
        """Tell whether the facts state it."""
        value = facts.get(self.fact)
        if self.above is not None:
            return isinstance(value, int | Decimal) and value > self.above
        return value is False if self.when_no else value is not None and value is not False


@dataclass(frozen=True)
class Rule:
    """One rule. `version` changes whenever its tests, its words, or a term or dated value it reads change.

    `triggers` are facts its tests read: one stated makes the rule worth asking about. `complaints` are facts no test
    can use, which say that somebody objects: bidders had too little time, with no dates given.
    """

    id: str
    title: str
    summary: str
    kind: Kind
    severity: int
    triggers: tuple[Trigger, ...]
    complaints: tuple[Trigger, ...]
    questions: tuple[str, ...]
    sources: tuple[Source, ...]
    note: str
    version: str
    variants: Mapping[str, tuple[Variant, ...]]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact the rule can read, under any regime."""
        return frozenset(trigger.fact for trigger in self.triggers).union(
            *(variant.facts for variants in self.variants.values() for variant in variants)
        )

    def variant(self, regime: str, day: date) -> Variant | None:
        """Return how the rule stands under a regime for a procurement that started on `day`, or None."""
        for variant in self.variants.get(regime, ()):
            if variant.covers(day):
                return variant
        return None

    def sources_for(self, regime: str | None, day: date | None) -> tuple[Source, ...]:
        """Return the sources that hold for a regime on a day (all of them where neither is known)."""
        return tuple(
            source
            for source in self.sources
            if (regime is None or source.regime in {None, regime})
            and (day is None or source.starts_on is None or source.starts_on <= day)
            and (day is None or source.ends_on is None or day <= source.ends_on)
        )


@dataclass(frozen=True)
class Family:
    """A kind of barrier as reporters see it, with the rules behind it and the facts to ask for, in order."""

    id: str
    title: str
    hint: str
    rules: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """A whole rule pack; rules are in order of their id.

    `version` is the version people gave the pack and, after a `+`, a hash of the content of all its files.
    """

    name: str
    version: str
    registry: FactRegistry
    regimes: Regimes
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    families: tuple[Family, ...]
    wording: Wording
    _by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {rule.id: rule for rule in self.rules})

    def rule(self, rule_id: str) -> Rule:
        """Return a rule. Raises KeyError for an unknown id."""
        return self._by_id[rule_id]
