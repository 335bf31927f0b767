"""Build one rule from its checked entry: compile its tests for each regime, read its sentences, hash its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mystery_shopper.facts.definitions import FactRegistry
from mystery_shopper.rules.catalogue import Applicability, Clearance, Finding, Rule, Trigger, Variant
from mystery_shopper.rules.compiler import Compiled, Compiler, Place, Term
from mystery_shopper.rules.parameters import Parameter
from mystery_shopper.rules.regimes import Regimes
from mystery_shopper.rules.results import Kind, Outcome, Source
from mystery_shopper.rules.wording import Render, Sentence, Wording, fact_words, figure_words, sentence

_HASH_LENGTH = 12


@dataclass(frozen=True)
class Pack:
    """What rules are built against."""

    registry: FactRegistry
    regimes: Regimes
    parameters: Mapping[str, Parameter]
    terms: Mapping[str, Term]
    wording: Wording
    compilers: Mapping[str, Compiler]


@dataclass(frozen=True)
class _Builder:
    """Builds the variants of one rule under one regime."""

    pack: Pack
    compiler: Compiler
    rule: Mapping[str, object]

    def variant(self, place: Place, entry: Mapping[str, object]) -> Variant:
        applies, values = self._applies(place, entry), self._values(place, entry)
        findings = tuple(
            self._finding(place.at("tests", index), test, values) for index, test in enumerate(_rows(entry["tests"]))
        )
        severities = [finding.severity for finding in findings]
        if severities != sorted(severities, reverse=True):
            raise place.at("tests").error("tests must go from the gravest to the mildest")
        clearances = tuple(
            self._clearance(place.at("exceptions", index), raw) for index, raw in enumerate(_rows(entry["exceptions"]))
        )
        conditions = [finding.when for finding in findings] + [clearance.when for clearance in clearances]
        conditions += [applies.when] if applies else []
        return Variant(
            regime=self.compiler.regime,
            starts_on=_day(entry.get("starts_on")),
            ends_on=_day(entry.get("ends_on")),
            applies=applies,
            findings=findings,
            clearances=clearances,
            cleared=str(entry.get("cleared") or self.pack.wording.cleared),
            facts=frozenset().union(*(condition.facts for condition in conditions)),
        )

    def _applies(self, place: Place, entry: Mapping[str, object]) -> Applicability | None:
        raw = entry.get("applies")
        if not isinstance(raw, dict):
            return None
        return Applicability(self._condition(place.at("applies", "when"), raw["when"]), str(raw["otherwise"]))

    def _values(self, place: Place, entry: Mapping[str, object]) -> dict[str, Render]:
        """Gather what sentences may speak of: every fact, and the figures of the variant."""
        values: dict[str, Render] = {name: fact_words(self.pack.registry[name]) for name in self.pack.registry}
        figures = entry["figures"]
        for name, tree in figures.items() if isinstance(figures, dict) else ():
            if name in values:
                raise place.at("figures", name).error("a figure may not have the name of a fact")
            values[name] = figure_words(self.compiler.expression(tree, place.at("figures", name)))
        return values

    def _finding(self, place: Place, raw: Mapping[str, object], values: Mapping[str, Render]) -> Finding:
        kind = Kind(str(raw.get("kind") or self.rule["kind"]))
        texts = [str(text) for text in _listed(raw["explanation"])]
        fault = self.pack.wording.kinds[kind].fault(texts)
        if fault:
            raise place.at("explanation").error(f"the explanation of a {kind} finding {fault}")
        return Finding(
            id=str(raw["id"]),
            when=self._condition(place.at("when"), raw["when"]),
            kind=kind,
            severity=int(str(raw.get("severity") or self.rule["severity"])),
            explanation=tuple(
                self._sentence(place.at("explanation", index), text, values) for index, text in enumerate(texts)
            ),
            margin=self._sentence(place.at("margin"), str(raw["margin"]), values) if "margin" in raw else None,
        )

    def _clearance(self, place: Place, raw: Mapping[str, object]) -> Clearance:
        return Clearance(
            id=str(raw["id"]),
            when=self._condition(place.at("when"), raw["when"]),
            text=str(raw["text"]),
            outcome=Outcome(str(raw["outcome"])),
            asks=raw["when_unknown"] == "ask",
        )

    def _condition(self, place: Place, tree: object) -> Compiled:
        return self.compiler.condition(tree, place)

    @staticmethod
    def _sentence(place: Place, text: str, values: Mapping[str, Render]) -> Sentence:
        try:
            return sentence(text, values)
        except ValueError as error:
            raise place.error(str(error)) from None


def build_rule(pack: Pack, place: Place, entry: Mapping[str, object]) -> Rule:
    """Compile one rule.

    Raises:
        CatalogueError: an unknown fact, term, parameter or regime; wrong types; words too strong for the kind.
    """
    triggers = tuple(_trigger(str(text)) for text in _listed(entry["triggers"]))
    questions = tuple(map(str, _listed(entry["questions"])))
    complaints = tuple(Trigger(str(text)) for text in _listed(entry["complaints"]))
    named = {
        "triggers": [trigger.fact for trigger in triggers],
        "complaints": [complaint.fact for complaint in complaints],
        "questions": list(questions),
    }
    for key, names in named.items():
        for index, name in enumerate(names):
            if name not in pack.registry:
                raise place.at(key, index).error(f"there is no fact '{name}'")
    for compiler in pack.compilers.values():
        compiler.terms_read.clear()
    variants = _variants(pack, place, entry)
    rule = Rule(
        id=str(entry["id"]),
        title=str(entry["title"]),
        summary=str(entry["summary"]),
        kind=Kind(str(entry["kind"])),
        severity=int(str(entry["severity"])),
        triggers=triggers,
        complaints=complaints,
        questions=questions,
        sources=tuple(
            _source(pack, place.at("sources", index), raw) for index, raw in enumerate(_rows(entry["sources"]))
        ),
        note=str(entry.get("note", "")),
        version=_version(pack, entry),
        variants=variants,
    )
    read = frozenset().union(*(variant.facts for found in variants.values() for variant in found))
    unread = {trigger.fact for trigger in triggers} - read
    if unread:
        raise place.at("triggers").error(f"no test reads the trigger '{sorted(unread)[0]}'")
    return rule


def _trigger(text: str) -> Trigger:
    """Read a trigger: a fact id, `not` and a fact id, or a fact that counts only above a number (`bond_pct > 10`)."""
    negative = text.startswith("not ")
    fact, _, least = text.removeprefix("not ").partition(">")
    return Trigger(fact.strip(), negative, Decimal(least.strip()) if least.strip() else None)


def _variants(pack: Pack, place: Place, entry: Mapping[str, object]) -> dict[str, tuple[Variant, ...]]:
    found: dict[str, tuple[Variant, ...]] = {}
    for index, raw in enumerate(_rows(entry["variants"])):
        inner = place.at("variants", index)
        for regime in map(str, _listed(raw["regimes"])):
            compiler = pack.compilers.get(regime)
            if compiler is None:
                raise inner.at("regimes").error(f"there is no regime '{regime}'")
            variant = _Builder(pack, compiler, entry).variant(inner, raw)
            if any(_overlap(variant, other) for other in found.get(regime, ())):
                raise inner.error(f"two variants cover the same days under {regime}")
            found[regime] = (*found.get(regime, ()), variant)
    return found


def _overlap(one: Variant, other: Variant) -> bool:
    one_ends, other_ends = one.ends_on or date.max, other.ends_on or date.max
    return (one.starts_on or date.min) <= other_ends and (other.starts_on or date.min) <= one_ends


def _source(pack: Pack, place: Place, raw: Mapping[str, object]) -> Source:
    regime = str(raw["regime"]) if "regime" in raw else None
    if regime is not None and regime not in pack.compilers:
        raise place.at("regime").error(f"there is no regime '{regime}'")
    return Source(
        title=str(raw["title"]),
        section=str(raw["section"]),
        says=str(raw["says"]),
        address=str(raw["address"]),
        verified=raw["verified"] is True,
        regime=regime,
        starts_on=_day(raw.get("starts_on")),
        ends_on=_day(raw.get("ends_on")),
    )


def _version(pack: Pack, entry: Mapping[str, object]) -> str:
    """Hash the rule with every term and dated value its tests read."""
    terms = sorted({name for compiler in pack.compilers.values() for name in compiler.terms_read})
    trees = {name: {regime: tree for regime, (_, tree) in pack.terms[name].nodes.items()} for name in terms}
    text = json.dumps([entry, trees], sort_keys=True, default=str)
    read = {name for name in pack.parameters if f'"{name}"' in text}
    values = {
        name: [
            [row.starts_on, row.ends_on, sorted((key, str(value)) for key, value in row.values.items())]
            for row in pack.parameters[name].rows
        ]
        for name in read
    }
    whole = text + json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:_HASH_LENGTH]


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in _listed(value) if isinstance(row, dict)]
