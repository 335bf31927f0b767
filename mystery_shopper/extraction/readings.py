"""From words and numbers to facts: concepts found in each clause, quantities given to the fact they stand by."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from mystery_shopper.extraction.dates import WrittenDate
from mystery_shopper.extraction.lexicon import (
    DateReading,
    Lexicon,
    Phrase,
    QuantityReading,
    Starts,
    Statement,
)
from mystery_shopper.extraction.patterns import GAP, LONGEST_GAP, Pattern, match_pattern
from mystery_shopper.extraction.policy import Alternative, Confidence, Finding
from mystery_shopper.extraction.quantities import Measure, Quantity
from mystery_shopper.extraction.tokens import Clause, Kind, Token
from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactRegistry, FactType, FactValue

_CLOSE = 6
_LEAST_BARE_MONEY = 10_000
EITHER = "The text names both values"
"""Why an alternative stands beside a value where the text says `three or five years`."""
RANGE = "The text gives a range"


class Mention(NamedTuple):
    """A concept said by tokens `first` up to, not including, `last`."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True)
class Passage:
    """One clause with what was found in it."""

    clause: Clause
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[WrittenDate, ...]

    @cached_property
    def by_concept(self) -> Mapping[str, Sequence[Mention]]:
        """The mentions of each concept, in order."""
        found: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if mention.concept in found:
                found[mention.concept].append(mention)
            else:
                found[mention.concept] = [mention]
        return found

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The concepts the clause mentions."""
        return frozenset(self.by_concept)

    @cached_property
    def firsts(self) -> Mapping[Measure, Sequence[int]]:
        """Where the quantities of each measure begin, in order."""
        found: dict[Measure, list[int]] = {}
        for quantity in self.quantities:
            found.setdefault(quantity.measure, []).append(quantity.first)
        return found


def find_mentions(tokens: Sequence[Token], lexicon: Lexicon) -> list[Mention]:
    """Return every concept mentioned, in order; time is linear: a phrase looks at a bounded number of tokens."""
    found: list[Mention] = []
    stems = tuple(token.stem for token in tokens)
    vocabulary = frozenset(stems)
    possible: dict[tuple[str, str], _Possible] = {}
    for at, pair in enumerate(zip(stems, (*stems[1:], ""), strict=False)):
        if pair not in possible:
            starts = lexicon.phrases.get(pair[0])
            possible[pair] = _possible(starts, pair[1], vocabulary) if starts else ([], [], [])
        words, phrases, patterns = possible[pair]
        found.extend([Mention(concept, at, at + 1) for concept in words])
        for phrase in phrases:
            last = _match(tokens, at, phrase)
            if last:
                found.append(Mention(phrase.concept, at, last))
        for pattern in patterns:
            last = match_pattern(stems, at, pattern)
            if last:
                found.append(Mention(pattern.concept, at, last))
    return list(dict.fromkeys(found))


_Possible = tuple[list[str], list[Phrase], list[Pattern]]
"""The concepts of a word alone, the phrases and the patterns that can begin with it."""


def _possible(starts: Starts, following: str, vocabulary: frozenset[str]) -> _Possible:
    """Return what can be said by a word and the one after it in a text of this vocabulary.

    Asked once for each two words of a text: most phrases need a word that the text has nowhere, and cost nothing more.
    """
    words = [phrase.concept for phrase in starts.alone if not phrase.capitals[0]]
    phrases = [*(phrase for phrase in starts.alone if phrase.capitals[0]), *starts.next.get(following, ())]
    phrases += [phrase for stem, later in starts.later.items() if stem in vocabulary for phrase in later]
    patterns = (*starts.any_patterns, *starts.patterns.get(following, ()))
    return (
        words,
        [phrase for phrase in phrases if phrase.words <= vocabulary],
        [pattern for pattern in patterns if not any(part.isdisjoint(vocabulary) for part in pattern.must)],
    )


def _match(tokens: Sequence[Token], at: int, phrase: Phrase) -> int:
    """Return the token after the phrase when it stands at `at`, else 0."""
    if phrase.capitals[0] and not tokens[at].capitals:
        return 0
    if len(phrase.stems) == 1:
        return at + 1
    place = at + 1
    gap = 0
    for wanted, capitals in zip(phrase.stems[1:], phrase.capitals[1:], strict=True):
        if wanted == GAP:
            gap = LONGEST_GAP
            continue
        for _ in range(gap + 1):
            if place < len(tokens) and tokens[place].stem == wanted and (tokens[place].capitals or not capitals):
                break
            place += 1
        else:
            return 0
        place, gap = place + 1, 0
    return place if place <= len(tokens) else 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A finding and how far its words stand apart, in tokens: the nearer of two is believed."""

    finding: Finding
    distance: int


def read_statements(passages: Iterable[Passage], tokens: Sequence[Token], text: str, lexicon: Lexicon) -> list[Reading]:
    """Return what the clauses state without a number."""
    found: list[Reading] = []
    for passage in passages:
        concepts = passage.concepts
        for statement in lexicon.statements:
            if concepts.issuperset(statement.needs) and concepts.isdisjoint(statement.unless):
                found.append(Reading(_stated(statement, passage, tokens, text), 0))
    return found


def _stated(statement: Statement, passage: Passage, tokens: Sequence[Token], text: str) -> Finding:
    spans = [next(m for m in passage.mentions if m.concept == concept) for concept in statement.needs]
    start = tokens[min(span.first for span in spans)].start
    end = tokens[max(span.last for span in spans) - 1].end
    return Finding(statement.fact_id, statement.value, start, end, text[start:end], Confidence.LIKELY)


def read_dates(passages: Iterable[Passage], tokens: Sequence[Token], text: str, lexicon: Lexicon) -> list[Reading]:
    """Return the facts that are dates: the date just after the words that name it."""
    found: list[Reading] = []
    for passage in passages:
        concepts = passage.concepts
        for reading in lexicon.dates:
            if concepts.issuperset(reading.needs) and concepts.isdisjoint(reading.unless):
                found.extend(_dated(reading, passage, tokens, text))
    return found


def _dated(reading: DateReading, passage: Passage, tokens: Sequence[Token], text: str) -> Iterable[Reading]:
    for written in passage.dates:
        distances = [
            (written.first - mention.last, mention.first)
            for mention in passage.mentions
            if mention.concept in reading.near and 0 <= written.first - mention.last <= reading.reach
        ]
        if distances:
            distance, first = min(distances)
            start, end = tokens[first].start, tokens[written.last - 1].end
            finding = Finding(reading.fact_id, written.value, start, end, text[start:end], Confidence.LIKELY)
            yield Reading(finding, distance)


def read_quantities(
    passages: Sequence[Passage], tokens: Sequence[Token], text: str, lexicon: Lexicon, facts: FactRegistry
) -> list[Reading]:
    """Return the facts that the quantities of the clauses state."""
    found: list[Reading] = []
    topic: tuple[Mention, ...] = ()
    for passage in passages:
        labels = _group_labels(passage, lexicon)
        carried = () if labels else topic
        readings = _usable(passage, carried, lexicon)
        around = _Around(passage, carried, tokens, _labels_come_first(passage, tokens) if readings else False)
        for quantity in passage.quantities if readings else ():
            found.extend(_read(quantity, around, text, readings, facts))
        topic = labels or (topic if passage.quantities else ())
    return found


def _usable(passage: Passage, carried: tuple[Mention, ...], lexicon: Lexicon) -> list[QuantityReading]:
    """Return the readings whose concepts the clause, or the heading carried into it, allows."""
    concepts = passage.concepts
    headed = {mention.concept for mention in carried}
    return [
        reading
        for reading in lexicon.quantities
        if not (reading.near.isdisjoint(concepts) and (not reading.group or reading.near.isdisjoint(headed)))
        and concepts.issuperset(reading.needs)
        and concepts.isdisjoint(reading.unless)
    ]


def _group_labels(passage: Passage, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Return the last mention in a clause of a concept that heads a list, as a kind of insurance."""
    labels = [mention for mention in passage.mentions if mention.concept in lexicon.heads]
    return tuple(labels[-1:])


@dataclass(frozen=True, slots=True)
class _Around:
    """What a quantity is read in. `labels_first`: a list names its kinds before their amounts."""

    passage: Passage
    carried: tuple[Mention, ...]
    tokens: Sequence[Token]
    labels_first: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    reading: QuantityReading
    mention: Mention
    cost: int


def _read(
    quantity: Quantity,
    around: _Around,
    text: str,
    readings: Sequence[QuantityReading],
    facts: FactRegistry,
) -> list[Reading]:
    if quantity.currency not in ("", "GBP"):
        return []
    candidates = [candidate for reading in readings for candidate in _candidate(reading, quantity, around)]
    candidates.sort(key=lambda candidate: candidate.cost)
    if not candidates or not candidates[0].reading.fact_id:
        return []
    best = candidates[0]
    definition = facts[best.reading.fact_id]
    value = typed(definition, quantity.value)
    if value is None:
        return []
    first, last = min(best.mention.first, quantity.first), max(best.mention.last, quantity.last)
    start, end = around.tokens[first].start, around.tokens[last - 1].end
    others = tuple(_others(candidates[1:], quantity, facts)) + tuple(_low_end(definition, quantity))
    sure = best.cost <= _CLOSE and len(candidates) == 1 and quantity.low is None
    confidence = Confidence.CERTAIN if sure else Confidence.LIKELY if best.cost <= 3 * _CLOSE else Confidence.DOUBTFUL
    finding = Finding(best.reading.fact_id, value, start, end, text[start:end], confidence, others)
    return [Reading(finding, best.cost)]


def _candidate(reading: QuantityReading, quantity: Quantity, around: _Around) -> list[_Candidate]:
    passage, carried, tokens = around.passage, around.carried, around.tokens
    if not _measures(reading, quantity, tokens):
        return []
    if any(
        _spoils(mention, quantity, passage, reading.spoil, tokens)
        for concept in reading.spoiled_by & passage.concepts
        for mention in passage.by_concept[concept]
    ):
        return []
    if carried and reading.group and carried[0].concept in reading.near:
        return [_Candidate(reading, Mention(carried[0].concept, quantity.first, quantity.last), reading.reach)]
    costs = [
        (cost, mention)
        for concept in reading.near & passage.concepts
        for mention in passage.by_concept[concept]
        if (cost := _cost(reading, mention, quantity, around)) <= reading.reach
    ]
    if not costs:
        return []
    cost, mention = min(costs, key=lambda pair: (pair[0], pair[1].first, pair[1].last))
    return [_Candidate(reading, mention, cost)]


def _measures(reading: QuantityReading, quantity: Quantity, tokens: Sequence[Token]) -> bool:
    if quantity.measure is reading.measure:
        return True
    if quantity.measure is not Measure.COUNT or reading.measure is not Measure.MONEY:
        return False
    grouped = any(token.kind is Kind.NUMBER and "," in token.text for token in tokens[quantity.first : quantity.last])
    return bool(reading.group) and (grouped or quantity.value >= _LEAST_BARE_MONEY)


def _cost(reading: QuantityReading, mention: Mention, quantity: Quantity, around: _Around) -> int:
    """Return how far a concept is from a quantity in tokens; out of reach when another quantity stands between."""
    passage, tokens = around.passage, around.tokens
    before = mention.last <= quantity.first
    distance = quantity.first - mention.last if before else max(mention.first - quantity.last, 0)
    if distance > reading.reach or (reading.only_before and before) or (not before and distance > reading.back):
        return reading.reach + 1
    low, high = (mention.last, quantity.first) if before else (quantity.last, mention.first)
    firsts = passage.firsts[quantity.measure]
    if bisect_left(firsts, low) < bisect_left(firsts, high):
        return reading.reach + 1
    if not before and 0 <= reading.back <= 1 and _parts(tokens, low, high):
        return reading.reach + 1
    cost = distance
    if reading.group and around.labels_first is not before:
        cost += 2 * _CLOSE
    if before is False and any(token.text == "," for token in tokens[low:high]):
        cost += 2
    return cost


def _labels_come_first(passage: Passage, tokens: Sequence[Token]) -> bool:
    """Tell whether a list names its kinds before their amounts (`Public liability: £5m`) or after them."""
    amounts = [quantity for quantity in passage.quantities if quantity.measure is Measure.MONEY]
    labels = [m.first for m in passage.mentions if m.concept in _INSURANCES]
    before = sum(_text(tokens, amount.first - 1) in _LEADING for amount in amounts)
    after = sum(_text(tokens, amount.last) in ("of", "for") for amount in amounts)
    if before != after:
        return before > after
    return bool(labels) and (not amounts or labels[0] < amounts[0].first)


_LEADING = frozenset(("=", ":", "of", "to", "than", "minimum", "-", "\u2013", "least"))


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


_INSURANCES = frozenset(
    [
        "public_liability",
        "employers_liability",
        "professional_indemnity",
        "products_liability",
        "all_risk",
        "motor_cover",
        "other_cover",
    ]
)


def _spoils(mention: Mention, quantity: Quantity, passage: Passage, reach: int, tokens: Sequence[Token]) -> bool:
    """Tell whether a mention a few words before, or just after, a quantity takes it for itself."""
    if mention.first >= quantity.last:
        return mention.first - quantity.last <= 1 and not _parts(tokens, quantity.last, mention.first)
    between = (o for o in passage.quantities if mention.last <= o.first < quantity.first)
    return quantity.first - mention.last <= reach and not any(o.measure is quantity.measure for o in between)


def _parts(tokens: Sequence[Token], low: int, high: int) -> bool:
    """Tell whether a word between two others sets them apart, as in `3 years with an extension`."""
    return any(token.text in ("with", "plus", "and", ",", "(", "+") for token in tokens[low:high])


def typed(definition: FactDefinition, number: Decimal) -> FactValue | None:
    """Return a number as the fact's value (money in pence), or None where the fact cannot have it."""
    value: FactValue
    if definition.type in DECIMALS:
        value = number.quantize(Decimal(1)) if number == number.to_integral() else number
    else:
        scaled = number * 100 if definition.type is FactType.MONEY else number
        if scaled != scaled.to_integral():
            return None
        value = int(scaled)
    return value if definition.accepts(value) else None


def _others(candidates: Sequence[_Candidate], quantity: Quantity, facts: FactRegistry) -> Iterable[Alternative]:
    for candidate in candidates[:3]:
        if candidate.reading.fact_id:
            definition = facts[candidate.reading.fact_id]
            value = typed(definition, quantity.value)
            if value is not None:
                yield Alternative(definition.id, value, "The same words could be read as this fact")


def _low_end(definition: FactDefinition, quantity: Quantity) -> Iterable[Alternative]:
    if quantity.low is not None:
        value = typed(definition, quantity.low)
        if value is not None:
            yield Alternative(definition.id, value, EITHER if quantity.joined_by == "or" else RANGE)
