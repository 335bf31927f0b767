"""Phrases with choices, `(not|never) (told|shown) * why`: matched as they stand, never written out.

Written out, a phrase of four choices of twenty words would be 160,000 phrases. Matching keeps the set of places that
can be reached, which is bounded by the longest phrase: time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mystery_shopper.extraction.tokens import tokenize

GAP = "*"
LONGEST_GAP = 5
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")

Words = tuple[str, ...]


class PatternError(ValueError):
    """A phrase with choices is written wrongly."""


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a pattern: its choices by their first stem. `gap`: any words; `optional`: may be left out."""

    choices: Mapping[str, tuple[Words, ...]]
    optional: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase with choices. `second` are the stems its second word can have, None where it can be any.

    `must`: for each place that cannot be left out, the stems one of which has to be there.
    """

    concept: str
    parts: tuple[Part, ...]
    second: frozenset[str] | None
    must: tuple[frozenset[str], ...]


def has_choices(text: str) -> bool:
    """Tell whether a phrase is one with choices."""
    return _CHOICE.search(text) is not None


def read_pattern(concept: str, text: str) -> Pattern:
    """Read a phrase with choices.

    Raises:
        PatternError: it begins or ends with a gap, has a gap within a choice, or nothing that must stand there.
    """
    parts: list[Part] = []
    for at, piece in enumerate(_CHOICE.split(text)):
        parts.extend(_choice(piece) if at % 2 else _plain(piece))
    if not parts or parts[0].gap or parts[-1].gap or all(part.optional or part.gap for part in parts):
        raise PatternError(f"'{text}' must begin and end with a word")
    must = tuple(frozenset(part.choices) for part in parts if not part.gap and not part.optional)
    return Pattern(concept, tuple(parts), _second(parts), must)


def first_stems(pattern: Pattern) -> frozenset[str]:
    """Return the stems a pattern can begin with."""
    return _firsts(pattern.parts, 0) or frozenset()


def match_pattern(stems: Words, at: int, pattern: Pattern) -> int:
    """Return the place after the shortest stretch of `stems` from `at` on that says the pattern, else 0."""
    places = {at}
    for part in pattern.parts:
        places = _through_gap(stems, places) if part.gap else _after(stems, places, part)
        if not places:
            return 0
    return min(places)


def _through_gap(stems: Words, places: set[int]) -> set[int]:
    end = len(stems)
    return {reached for place in places for reached in range(place, min(place + LONGEST_GAP, end) + 1)}


def _after(stems: Words, places: set[int], part: Part) -> set[int]:
    reached = set(places) if part.optional else set()
    end = len(stems)
    for place in places:
        if place < end:
            for words in part.choices.get(stems[place], ()):
                last = place + len(words)
                if last == place + 1 or stems[place:last] == words:
                    reached.add(last)
    return reached


def _plain(piece: str) -> Iterator[Part]:
    run: list[str] = []
    for token in tokenize(piece):
        if token.stem != GAP:
            run.append(token.stem)
            continue
        if run:
            yield Part({run[0]: (tuple(run),)})
        run = []
        yield Part({}, gap=True)
    if run:
        yield Part({run[0]: (tuple(run),)})


def _choice(piece: str) -> Iterator[Part]:
    choices: dict[str, list[Words]] = {}
    optional = False
    for way in piece.split("|"):
        words = tuple(token.stem for token in tokenize(way))
        if GAP in words:
            raise PatternError(f"'{piece}' has a gap within a choice")
        if words:
            choices.setdefault(words[0], []).append(words)
        else:
            optional = True
    yield Part({first: tuple(ways) for first, ways in choices.items()}, optional=optional)


def _firsts(parts: Sequence[Part], at: int) -> frozenset[str] | None:
    """Return the stems that can come next at part `at`, or None when any can, as at the end or in a gap."""
    found: frozenset[str] = frozenset()
    for part in parts[at:]:
        if part.gap:
            return None
        found |= frozenset(part.choices)
        if not part.optional:
            return found
    return None


def _second(parts: Sequence[Part]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for at, part in enumerate(parts):
        following = _firsts(parts, at + 1)
        for ways in part.choices.values():
            for words in ways:
                if len(words) > 1:
                    found |= {words[1]}
                elif following is None:
                    return None
                else:
                    found |= following
        if not part.optional:
            break
    return found
