"""`extract`: the one call by which the product reads a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mystery_shopper.extraction.complaints import read_complaints, size_mentions
from mystery_shopper.extraction.dates import WrittenDate, find_dates
from mystery_shopper.extraction.lexicon import Lexicon, lexicon
from mystery_shopper.extraction.policy import MAX_TEXT, Extraction, Finding, TextTooLongError
from mystery_shopper.extraction.quantities import Quantity, find_quantities
from mystery_shopper.extraction.readings import (
    Mention,
    Passage,
    Reading,
    find_mentions,
    read_dates,
    read_quantities,
    read_statements,
)
from mystery_shopper.extraction.tokens import Clause, Token, split_clauses, tokenize
from mystery_shopper.facts.definitions import FactRegistry
from mystery_shopper.facts.registry import registry as running_registry

LAW_TALK = "law_talk"


def extract(text: str, *, registry: FactRegistry | None = None) -> Extraction:
    """Read the facts a text states: at most one finding for a fact, each with its words.

    Nothing found is a fact yet: a person confirms it. Time is linear in the length of the text.

    Raises:
        TextTooLongError: the text has more than `MAX_TEXT` characters.
    """
    if len(text) > MAX_TEXT:
        raise TextTooLongError
    words = lexicon()
    tokens = tokenize(text)
    passages = _passages(tokens, words)
    found = read_quantities(passages, tokens, text, words, registry or running_registry())
    found += read_statements(passages, tokens, text, words)
    found += read_complaints(passages, tokens, text, words)
    found += read_dates(passages, tokens, text, words)
    return Extraction(tuple(_one_for_each_fact(found)))


def _passages(tokens: list[Token], words: Lexicon) -> list[Passage]:
    quantities, dates = find_quantities(tokens), find_dates(tokens)
    mentions = sorted(find_mentions(tokens, words) + size_mentions(quantities, words), key=lambda one: one.first)
    passages: list[Passage] = []
    m = q = d = 0
    for clause in split_clauses(tokens):
        first_m, m = m, _end_of(mentions, m, clause)
        first_q, q = q, _end_of(quantities, q, clause)
        first_d, d = d, _end_of(dates, d, clause)
        carried = _carried(passages[-1]) if passages and clause.continues else ()
        said = carried + tuple(mention for mention in mentions[first_m:m] if mention.last <= clause.last)
        passages.append(Passage(clause, said, tuple(quantities[first_q:q]), tuple(dates[first_d:d])))
    return passages


def _end_of(found: Sequence[Mention | Quantity | WrittenDate], start: int, clause: Clause) -> int:
    """Return the place after the last of `found`, from `start` on, that begins within the clause."""
    while start < len(found) and found[start].first < clause.last:
        start += 1
    return start


def _carried(before: Passage) -> tuple[Mention, ...]:
    """Return what goes on to hold in the next clause of a sentence: that it tells what the law says."""
    return tuple(mention for mention in before.mentions if mention.concept == LAW_TALK)[:1]


def _one_for_each_fact(found: Iterable[Reading]) -> list[Finding]:
    """Keep, for each fact, the finding whose words stand nearest together, the first of several as near."""
    kept: dict[str, Reading] = {}
    for reading in sorted(found, key=lambda one: (one.finding.start, one.finding.end)):
        before = kept.get(reading.finding.fact_id)
        if before is None or reading.distance < before.distance:
            kept[reading.finding.fact_id] = reading
    return sorted((reading.finding for reading in kept.values()), key=lambda one: (one.start, one.end))
