"""`extract`: the one call by which the product reads a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mystery_shopper.extraction.lexicon import lexicon
from mystery_shopper.extraction.policy import MAX_TEXT, Confidence, Extraction, Finding, TextTooLongError
from mystery_shopper.extraction.quantities import find_quantities
from mystery_shopper.extraction.readings import Passage, find_mentions, read_quantities, read_statements
from mystery_shopper.extraction.tokens import split_clauses, tokenize
from mystery_shopper.facts.definitions import FactRegistry
from mystery_shopper.facts.registry import registry as running_registry

_RANKS = {Confidence.CERTAIN: 0, Confidence.LIKELY: 0, Confidence.DOUBTFUL: 1}


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
    return Extraction(tuple(_one_for_each_fact(found)))


def _passages(tokens: list, words) -> list[Passage]:
    mentions, quantities = find_mentions(tokens, words), find_quantities(tokens)
    passages: list[Passage] = []
    m = q = 0
    for clause in split_clauses(tokens):
        first_m, first_q = m, q
        while m < len(mentions) and mentions[m].first < clause.last:
            m += 1
        while q < len(quantities) and quantities[q].first < clause.last:
            q += 1
        passages.append(Passage(clause, tuple(mentions[first_m:m]), tuple(quantities[first_q:q])))
    return passages


def _one_for_each_fact(found: Iterable[Finding]) -> list[Finding]:
    """Keep the plainest finding of each fact, the first where several are as plain; the others become alternatives."""
    kept: dict[str, Finding] = {}
    for finding in sorted(found, key=lambda one: (one.start, one.end)):
        before = kept.get(finding.fact_id)
        if before is None or _RANKS[finding.confidence] < _RANKS[before.confidence]:
            kept[finding.fact_id] = finding
    return sorted(kept.values(), key=lambda one: (one.start, one.end))
