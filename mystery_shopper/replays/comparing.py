"""One catalogue beside the flags of the open cases, batch by batch: what memory holds does not grow with the backlog.

A case costs the reading of its row, opening its key and its facts, and the changed rules alone: those whose version
differs from that of the catalogue its flags were judged by.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from mystery_shopper.cases.assessment import register_facts
from mystery_shopper.core.vault import unseal_stored
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.replays import backlog, queries
from mystery_shopper.replays.backlog import OpenCase, RawId, to_uuid, written
from mystery_shopper.replays.policy import (
    Difference,
    Reader,
    Standing,
    changed_rules,
    differences,
    read_small,
    reader_of,
)
from mystery_shopper.rules.catalogue import Catalogue, Rule
from mystery_shopper.rules.outcomes import outcomes
from mystery_shopper.triage.policy import is_worth_keeping
from mystery_shopper.triage.queries import fact_values

BATCH = 1000
_decode = json.JSONDecoder().raw_decode


def facts_context(case_id: UUID | str) -> str:
    """Return what the sealed facts of a case are bound to."""
    return f"case_snapshots.facts:{case_id}"


def rule_versions(pack: Catalogue) -> dict[str, str]:
    """Return the version of each rule of a catalogue."""
    return {rule.id: rule.version for rule in pack.rules}


@dataclass(frozen=True)
class _Part:
    """The rules to judge a case by: those that changed since its flags were judged, and the facts they read."""

    rule_ids: frozenset[str]
    pack: Catalogue
    facts: Mapping[str, Reader]


@dataclass(frozen=True)
class Batch:
    """What was found in some cases: how many were looked at, the last serial, and the differences by case."""

    cases: tuple[OpenCase, ...]
    found: Mapping[RawId, tuple[Difference, ...]]

    @property
    def last(self) -> int:
        """The serial of the last case."""
        return self.cases[-1].serial


class Comparer:
    """Compares a catalogue with what is stored. `only` narrows it to some rules."""

    def __init__(self, candidate: Catalogue, *, only: frozenset[str] | None = None) -> None:
        self._candidate = candidate
        self._only = only
        self._parts: dict[int | None, _Part] = {}
        self._authorities: dict[RawId, Mapping[str, FactValue]] = {}
        backlog.keep_more_pages()

    def next(self, after: int, *, limit: int = BATCH, behind: int | None = None) -> Batch | None:
        """Return what differs on the next open cases after a serial; None when there are no more.

        With `behind`, only cases not yet judged by that version of the catalogue, locked until the commit.
        """
        cases = backlog.read_open_cases(after, limit=limit, behind=behind)
        if not cases:
            return None
        self._read_authorities(cases)
        parts = {number: self._part(number) for number in {case.number for case in cases}}
        rule_ids = frozenset[str]().union(*(part.rule_ids for part in parts.values()))
        standings = backlog.read_standings(cases[0].serial, cases[-1].serial, rule_ids) if rule_ids else {}
        found = {}
        for case in cases:
            part = parts[case.number]
            if part.rule_ids:
                old, new = standings.get(case.id, {}), self._judge(case, part)
                if old != new and (changes := differences(_only(old, part.rule_ids), new)):
                    found[case.id] = changes
        return Batch(tuple(cases), found)

    def _part(self, number: int | None) -> _Part:
        """Return what differs between the catalogue of a number and the candidate; everything where it is not known."""
        if number not in self._parts:
            new = rule_versions(self._candidate)
            old = queries.rule_versions_of(number) if number else None
            ids = changed_rules(old, new) if old is not None else frozenset(new)
            ids = ids if self._only is None else ids & self._only
            rules = tuple(rule for rule in self._candidate.rules if rule.id in ids)
            self._parts[number] = _Part(ids, replace(self._candidate, rules=rules), self._facts_of(rules_facts(rules)))
        return self._parts[number]

    def _facts_of(self, read: Iterable[str]) -> dict[str, Reader]:
        regimes, known = self._candidate.regimes, registry()
        choosing = {regime.when for regime in regimes.items if regime.when is not None}
        return {
            fact_id: reader_of(known[fact_id]) for fact_id in {*read, *choosing, regimes.dated_by} if fact_id in known
        }

    def _read_authorities(self, cases: Iterable[OpenCase]) -> None:
        wanted = {case.authority_id for case in cases if case.authority_id is not None} - self._authorities.keys()
        found = queries.read_authorities(map(to_uuid, wanted)) if wanted else {}
        for raw in wanted:
            self._authorities[raw] = register_facts(found.get(to_uuid(raw)))

    def _judge(self, case: OpenCase, part: _Part) -> dict[str, Standing]:
        values = self._stated(case, part)
        listed = self._authorities.get(case.authority_id) if case.authority_id else None
        if listed:
            values = {name: value for name, value in listed.items() if name in part.facts} | values
        return {
            verdict.rule_id: Standing(verdict.outcome, verdict.severity)
            for verdict in outcomes(values, catalogue=part.pack)
            if is_worth_keeping(verdict)
        }

    def _stated(self, case: OpenCase, part: _Part) -> dict[str, FactValue]:
        if case.facts_sealed is None:
            values = fact_values(backlog.case_to_judge(case.uuid))
            return {name: values[name] for name in part.facts if name in values}
        raw, _ = _decode(unseal_stored(case.key, case.facts_sealed, facts_context(written(case.id))))
        return read_small(raw, part.facts)


def _only(standings: Mapping[str, Standing], rule_ids: frozenset[str]) -> dict[str, Standing]:
    return {rule_id: standing for rule_id, standing in standings.items() if rule_id in rule_ids}


def rules_facts(rules: Iterable[Rule]) -> frozenset[str]:
    """Return every fact these rules read, and every complaint that makes them of interest."""
    return frozenset(
        fact_id for rule in rules for fact_id in (*rule.facts, *(complaint.fact for complaint in rule.complaints))
    )
