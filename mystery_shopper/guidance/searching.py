"""Search over the pages: every word, by its stem, ranked. In memory and pure; nobody notes what was looked for."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from snowballstemmer import stemmer

from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import GuidancePage

MAX_WORDS = 16
MAX_WORD = 40
_WORD = re.compile(r"[^\W_]+")
_TITLE, _SUMMARY, _TEXT = 8.0, 4.0, 1.0
"""How much a word counts where it stands."""
_EXCERPT_BEFORE, _EXCERPT_WORDS = 8, 32
_STOP = frozenset(
    {
        *("a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did"),
        *("do", "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "may"),
        *("me", "most", "must", "my", "no", "not", "of", "on", "or", "our", "should", "so", "some", "than", "that"),
        *("the", "their", "them", "then", "there", "they", "this", "those", "to", "too", "us", "was", "we", "were"),
        *("what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your"),
    }
)
"""Words that nearly every page holds."""


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

    def rarity(self, stem: str) -> float:
        """Return more for a stem that few pages hold."""
        return math.log(1 + len(self.pages) / max(1, len(self.weights.get(stem, ()))))


def fold(value: str) -> str:
    """Return a text as it is compared: NFKC, lower case, no accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", value).casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def stems_of(value: str) -> list[str]:
    """Return the stems of the words of a page, in order."""
    return [_stem(word[:MAX_WORD]) for word in _WORD.findall(fold(value))]


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Return the stem of a word of a page. What people type never comes here: nothing of it is kept."""
    return str(stemmer("english").stemWord(word))


def wanted_stems(query: str) -> tuple[str, ...]:
    """Return the stems of what was typed, each once, without the words that every page holds."""
    words = [word[:MAX_WORD] for word in _WORD.findall(fold(query))][: MAX_WORDS * 4]
    telling = [word for word in words if word not in _STOP] or words
    return tuple(dict.fromkeys(stemmer("english").stemWords(telling)))[:MAX_WORDS]


def build_index(pages: Iterable[GuidancePage]) -> Index:
    """Return the index of some pages."""
    listed = tuple(pages)
    weights: dict[str, dict[int, float]] = {}
    for number, page in enumerate(listed):
        for stem, weight in _weigh(page).items():
            weights.setdefault(stem, {})[number] = weight
    return Index(listed, weights)


def _weigh(page: GuidancePage) -> dict[str, float]:
    found: Counter[str] = Counter()
    for text, weight in ((page.title, _TITLE), (page.summary, _SUMMARY), (" ".join(page.rules), _SUMMARY)):
        for stem in set(stems_of(text)):
            found[stem] += weight  # type: ignore[assignment]
    for stem, times in Counter(stems_of(page.text)).items():
        found[stem] += _TEXT * (1 + math.log(times))  # type: ignore[assignment]
    return dict(found)


@cache
def index() -> Index:
    """Return the index of the library, built once."""
    return build_index(library())


def search(query: str, over: Index | None = None) -> list[Hit]:
    """Return the pages that hold what was typed: those with most of the words first, then by weight."""
    held = over or index()
    stems = wanted_stems(query)
    scores: dict[int, tuple[int, float]] = {}
    for stem in stems:
        for number, weight in held.weights.get(stem, {}).items():
            words, score = scores.get(number, (0, 0.0))
            scores[number] = (words + 1, score + weight * held.rarity(stem))
    most = max((words for words, _ in scores.values()), default=0)
    kept = {number: score for number, (words, score) in scores.items() if words * 2 > most}
    ranked = sorted(kept, key=lambda number: (-scores[number][0], -kept[number], number))
    return [_hit(held.pages[number], frozenset(stems), kept[number]) for number in ranked]


def _hit(page: GuidancePage, stems: frozenset[str], score: float) -> Hit:
    return Hit(page, mark(page.title, stems), mark(_excerpt(page, stems), stems), score)


def mark(text: str, stems: frozenset[str]) -> tuple[Piece, ...]:
    """Return a text in pieces; the words with one of the stems are marked."""
    pieces: list[Piece] = []
    place = 0
    for word in _WORD.finditer(text):
        if set(stems_of(word[0])) & stems:
            if word.start() > place:
                pieces.append(Piece(text[place : word.start()], False))
            pieces.append(Piece(word[0], True))
            place = word.end()
    if place < len(text):
        pieces.append(Piece(text[place:], False))
    return tuple(pieces)


def _excerpt(page: GuidancePage, stems: frozenset[str]) -> str:
    """Return the summary when it holds a word that was looked for, else the words around the first in the text."""
    if set(stems_of(page.summary)) & stems:
        return page.summary
    words = page.text.split()
    first = next((at for at, word in enumerate(words) if set(stems_of(word)) & stems), None)
    if first is None:
        return page.summary
    start = max(0, first - _EXCERPT_BEFORE)
    part = " ".join(words[start : start + _EXCERPT_WORDS])
    return f"{'… ' if start else ''}{part}{' …' if start + _EXCERPT_WORDS < len(words) else ''}"
