"""What was read in the reporter's words, and what the reporter says of it. Pure.

A finding is no fact: only what the reporter says is right, or corrects, is. Findings are kept with the answers, sealed
as those are, and read anew whenever the words change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from mystery_shopper.extraction.policy import Finding
from mystery_shopper.extraction.reader import extract
from mystery_shopper.facts.definitions import AskedOf, FactValue
from mystery_shopper.facts.policy import FactValueError, from_json, to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import Answers

SOURCES = ("requirement", "narrative")
"""The answers that are read. What the tender documents say comes first: it is believed before an account of it."""
MOST_SHOWN = 8
"""Findings a reporter is asked about. What is left over goes to the caseworker as not confirmed."""
SAYS_MORE = {"bond_required": ("bond_gbp", "bond_pct"), "pcg_required": ("pcg_from_all_bidders",)}
"""Facts that need no question of their own where one that says more was found."""
CONTEXT = 80
"""Characters of the text shown on each side of the words of a finding."""


class Decision(StrEnum):
    """What the reporter says of a finding. Nothing said is no decision."""

    RIGHT = "right"
    CHANGED = "changed"
    NOT = "not"


STATED = frozenset({Decision.RIGHT, Decision.CHANGED})


@dataclass(frozen=True, kw_only=True)
class FoundFact:
    """One finding: `value` in the JSON form of the registry, read in the words `quote`: `source` from `start` to `end`.

    `alternatives`: pairs of a fact id and a JSON value the words could mean instead. `decision`: a `Decision` or "".
    """

    fact_id: str
    value: Any
    quote: str
    source: str
    start: int
    end: int
    alternatives: tuple[tuple[str, Any], ...] = ()
    decision: str = ""

    def typed(self) -> FactValue | None:
        """Return the value, None when it no longer fits the registry."""
        return _typed(self.fact_id, self.value)


@dataclass(frozen=True)
class Quote:
    """The words of a finding with a little of the text on each side."""

    before: str
    words: str
    after: str


def _typed(fact_id: str, value: Any) -> FactValue | None:
    definition = registry().get(fact_id)
    try:
        return None if definition is None else from_json(definition, value)
    except FactValueError:
        return None


def found_facts(answers: Answers) -> tuple[FoundFact, ...]:
    """Return the findings kept with the answers, in the order of the texts."""
    kept = (FoundFact(**{**item, "alternatives": _pairs(item)}) for item in answers.found.values())
    known = (fact for fact in kept if fact.typed() is not None)
    return tuple(sorted(known, key=lambda fact: (SOURCES.index(fact.source), fact.start, fact.end)))


def _pairs(item: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((str(fact_id), value) for fact_id, value in item.get("alternatives", ()))


def read_words(answers: Answers) -> Answers:
    """Return the answers with what their texts say now.

    What was said of a finding still holds while its words and its value are the same. A value that stood only because
    a finding was right goes with it.
    """
    before = {fact.fact_id: fact for fact in found_facts(answers)}
    facts = dict(answers.facts)
    now: dict[str, FoundFact] = {}
    for fact in _read(answers):
        known = before.get(fact.fact_id)
        same = known is not None and (known.value, known.quote) == (fact.value, fact.quote)
        now.setdefault(fact.fact_id, replace(fact, decision=known.decision) if known is not None and same else fact)
    for fact_id, known in before.items():
        gone = fact_id not in now or not now[fact_id].decision
        if gone and known.decision == Decision.RIGHT and facts.get(fact_id) == known.value:
            del facts[fact_id]
    return replace(answers, facts=facts, found=_to_json(now.values()))


def _read(answers: Answers) -> Iterator[FoundFact]:
    for source in SOURCES:
        for finding in extract(getattr(answers, source)).findings:
            yield _found(finding, source)


def _found(finding: Finding, source: str) -> FoundFact:
    facts = registry()
    return FoundFact(
        fact_id=finding.fact_id,
        value=to_json(facts[finding.fact_id], finding.value),
        quote=finding.quote,
        source=source,
        start=finding.start,
        end=finding.end,
        alternatives=tuple(
            (other.fact_id, to_json(facts[other.fact_id], other.value)) for other in finding.alternatives
        ),
    )


def _to_json(found: Iterable[FoundFact]) -> dict[str, dict[str, Any]]:
    return {fact.fact_id: asdict(fact) for fact in found}


def to_confirm(answers: Answers) -> tuple[FoundFact, ...]:
    """Return the findings the reporter is asked about: not what they answered elsewhere or reporters are not asked."""
    known = found_facts(answers)
    ids = {fact.fact_id for fact in known}
    asked = (fact for fact in known if registry()[fact.fact_id].asked_of is AskedOf.REPORTER)
    own = (fact for fact in asked if ids.isdisjoint(SAYS_MORE.get(fact.fact_id, ())))
    return tuple(fact for fact in own if fact.fact_id not in answers.facts or fact.decision in STATED)[:MOST_SHOWN]


def stated(answers: Answers) -> frozenset[str]:
    """Return the facts the reporter stated by what they said of findings."""
    return frozenset(fact.fact_id for fact in to_confirm(answers) if fact.decision in STATED)


def unconfirmed(answers: Answers) -> tuple[FoundFact, ...]:
    """Return the findings nobody said anything of, of facts that are not answered elsewhere."""
    return tuple(fact for fact in found_facts(answers) if not fact.decision and fact.fact_id not in answers.facts)


def decide(answers: Answers, said: Mapping[str, tuple[str, FactValue | None]]) -> Answers:
    """Return the answers with what the reporter says of findings: fact id to the decision and the value that is right.

    An answer left out is no decision.
    """
    facts = {name: value for name, value in answers.facts.items() if name not in said}
    found = dict(answers.found)
    for fact_id, (decision, value) in said.items():
        if decision in STATED and value is not None:
            facts[fact_id] = to_json(registry()[fact_id], value)
        found[fact_id] = {**found[fact_id], "decision": decision}
    return replace(answers, facts=facts, found=found)


def quote_of(answers: Answers, fact: FoundFact) -> Quote:
    """Return the words of a finding, with whole words of the text around them."""
    text = str(getattr(answers, fact.source))
    before, after = text[max(0, fact.start - CONTEXT) : fact.start], text[fact.end : fact.end + CONTEXT]
    if fact.start > CONTEXT:
        before = "…" + before.partition(" ")[2]
    if len(text) > fact.end + CONTEXT:
        after = after.rpartition(" ")[0] + "…"
    return Quote(before, fact.quote, after)
