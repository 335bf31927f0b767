"""A rule pack in memory: rules with their compiled tests, dated values, regimes, families of barriers and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.facts.definitions import FactRegistry, FactValue
from mystery_shopper.rules.compiler import Compiled
from mystery_shopper.rules.logic import Condition
from mystery_shopper.rules.parameters import Parameter
from mystery_shopper.rules.regimes import Regime, Regimes
from mystery_shopper.rules.results import Decision, Kind, Outcome, Source
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

    @cached_property
    def plain(self) -> Mapping[Outcome, Decision]:
        """Decisions that rest on no single test; what is not raised has kind and severity of the gravest test."""
        gravest = self.findings[0]
        return {outcome: Decision(outcome, gravest.kind, gravest.severity) for outcome in Outcome}

    @cached_property
    def raising(self) -> tuple[tuple[Condition, Decision], ...]:
        """Each test with the decision it leads to when it is true."""
        return tuple((one.when.run, Decision(Outcome.RAISED, one.kind, one.severity, one)) for one in self.findings)

    @cached_property
    def clearing(self) -> tuple[tuple[Condition, Decision, bool], ...]:
        """Each exception with the decision it leads to when it is true, and whether the rule waits for it."""
        return tuple((one.when.run, self.plain[one.outcome]._replace(ground=one), one.asks) for one in self.clearances)

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

    @cached_property
    def not_applicable(self) -> Decision:
        """Its answer where no variant covers the procurement."""
        return Decision(Outcome.NOT_APPLICABLE, self.kind, self.severity)

    def is_stated(self, facts: Mapping[str, FactValue]) -> bool:
        """Tell whether anything the rule is about was stated."""
        return any(trigger.stated(facts) for trigger in (*self.triggers, *self.complaints))

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


InForce: TypeAlias = tuple[tuple[Rule, Variant | None], ...]
_DAYS_KEPT = 1000
"""Days whose variants are kept at hand."""


@dataclass(frozen=True)
class Catalogue:
    """A whole rule pack; rules are in order of their id.

    `version` is the version people gave the pack and, after a `+`, a hash of the content of all its files. `language`
    is that of its words: ids, versions and decisions are the same in each.
    """

    name: str
    version: str
    registry: FactRegistry
    regimes: Regimes
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    families: tuple[Family, ...]
    wording: Wording
    language: str = ENGLISH
    _by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)
    _in_force: dict[tuple[str, date], InForce] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {rule.id: rule for rule in self.rules})
        object.__setattr__(self, "_in_force", {})

    def rule(self, rule_id: str) -> Rule:
        """Return a rule. Raises KeyError for an unknown id."""
        return self._by_id[rule_id]

    def in_force(self, regime: Regime | None, day: date) -> InForce:
        """Return every rule with how it stands under a regime on a day, None where it does not apply at all."""
        key = (regime.id if regime is not None else "", day)
        found = self._in_force.get(key)
        if found is None:
            if len(self._in_force) >= _DAYS_KEPT:
                self._in_force.clear()
            variants = ((rule, rule.variant(regime.id, day) if regime is not None else None) for rule in self.rules)
            found = self._in_force[key] = tuple(variants)
        return found
