"""Search over the pages: every word, by its stem, ranked. In memory and pure; nobody notes what was looked for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import GuidancePage, Language
from mystery_shopper.guidance.words import STOP, fold, stem, stem_of_page

MAX_WORDS = 16
MAX_WORD = 40
_WORD = re.compile(r"[^\W_]+")
_TITLE, _SUMMARY, _TEXT = 8.0, 4.0, 1.0
"""How much a word counts where it stands."""
_EXCERPT_BEFORE, _EXCERPT_WORDS = 8, 32


@dataclass(frozen=True)
class Piece:
    """Part of a text: a word that was looked for, or what stands between."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class Hit:
    """A page that was found, and where."""

    page: GuidancePage
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    score: float


@dataclass(frozen=True)
class Index:
    """How much each stem weighs on each page, and how rare it is."""

    pages: Sequence[GuidancePage]
    weights: Mapping[str, Mapping[int, float]] = field(repr=False)
    language: Language = Language.ENGLISH

    def rarity(self, stem: str) -> float:
        """Return more for a stem that few pages hold."""
        return math.log(1 + len(self.pages) / max(1, len(self.weights.get(stem, ()))))


def stems_of(value: str, language: Language = Language.ENGLISH) -> list[str]:
    """Return the stems of the words of a page, in order."""
    return [stem_of_page(word[:MAX_WORD], language) for word in _WORD.findall(fold(value))]


def wanted_stems(query: str, language: Language = Language.ENGLISH) -> tuple[str, ...]:
    """Return the stems of what was typed, each once, without the words that every page holds."""
    words = [word[:MAX_WORD] for word in _WORD.findall(fold(query))][: MAX_WORDS * 4]
    telling = [word for word in words if word not in STOP[language]] or words
    return tuple(dict.fromkeys(stem(word, language) for word in telling))[:MAX_WORDS]


def build_index(pages: Iterable[GuidancePage], language: Language = Language.ENGLISH) -> Index:
    """Return the index of some pages, for people who read `language`."""
    listed = tuple(pages)
    weights: dict[str, dict[int, float]] = {}
    for number, page in enumerate(listed):
        for one, weight in _weigh(page, language).items():
            weights.setdefault(one, {})[number] = weight
    return Index(listed, weights, language)


def _weigh(page: GuidancePage, language: Language) -> dict[str, float]:
    found: Counter[str] = Counter()
    for text, weight in ((page.title, _TITLE), (page.summary, _SUMMARY), (" ".join(page.rules), _SUMMARY)):
        for found_stem in set(stems_of(text, language)):
            found[found_stem] += weight  # type: ignore[assignment]
    for found_stem, times in Counter(stems_of(page.text, language)).items():
        found[found_stem] += _TEXT * (1 + math.log(times))  # type: ignore[assignment]
    return dict(found)


@cache
def index(language: Language = Language.ENGLISH) -> Index:
    """Return the index of the library in a language, built once."""
    return build_index(library(language), language)


def search(query: str, over: Index | None = None, language: Language = Language.ENGLISH) -> list[Hit]:
    """Return the pages that hold what was typed: those with most of the words first, then by weight."""
    held = over or index(language)
    stems = wanted_stems(query, held.language)
    scores: dict[int, tuple[int, float]] = {}
    for wanted in stems:
        for number, weight in held.weights.get(wanted, {}).items():
            words, score = scores.get(number, (0, 0.0))
            scores[number] = (words + 1, score + weight * held.rarity(wanted))
    most = max((words for words, _ in scores.values()), default=0)
    kept = {number: score for number, (words, score) in scores.items() if words * 2 > most}
    ranked = sorted(kept, key=lambda number: (-scores[number][0], -kept[number], number))
    return [_hit(held.pages[number], frozenset(stems), kept[number], held.language) for number in ranked]


def _hit(page: GuidancePage, stems: frozenset[str], score: float, language: Language) -> Hit:
    excerpt = _excerpt(page, stems, language)
    return Hit(page, mark(page.title, stems, language), mark(excerpt, stems, language), score)


def mark(text: str, stems: frozenset[str], language: Language = Language.ENGLISH) -> tuple[Piece, ...]:
    """Return a text in pieces; the words with one of the stems are marked."""
    pieces: list[Piece] = []
    place = 0
    for word in _WORD.finditer(text):
        if set(stems_of(word[0], language)) & stems:
            if word.start() > place:
                pieces.append(Piece(text[place : word.start()], False))
            pieces.append(Piece(word[0], True))
            place = word.end()
    if place < len(text):
        pieces.append(Piece(text[place:], False))
    return tuple(pieces)


def _excerpt(page: GuidancePage, stems: frozenset[str], language: Language) -> str:
    """Return the summary when it holds a word that was looked for, else the words around the first in the text."""
    if set(stems_of(page.summary, language)) & stems:
        return page.summary
    words = page.text.split()
    first = next((at for at, word in enumerate(words) if set(stems_of(word, language)) & stems), None)
    if first is None:
        return page.summary
    start = max(0, first - _EXCERPT_BEFORE)
    part = " ".join(words[start : start + _EXCERPT_WORDS])
    return f"{'… ' if start else ''}{part}{' …' if start + _EXCERPT_WORDS < len(words) else ''}"
