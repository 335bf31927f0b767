"""Folding of text, so that one word written in many ways is one word: pure, and linear in the length of the text.

What is folded away: letter case, accents, full-width and other compatibility forms, letters of other scripts that look
like Latin ones, invisible characters, and everything between letters (spaces, line ends, dots, hyphens). What remains
remembers where in the original each letter stood, and where words began.
"""

import itertools
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

SEPARATOR = " "
_CACHE_LIMIT = 20_000
_COMMENT = "#"

_SKELETON = {"0": "o", "1": "l", "i": "l", "|": "l"}
_WORDS = {"&": " and ", "+": " and "}


def _read_lookalikes() -> dict[str, str]:
    text = (files("mystery_shopper.disclosure") / "data" / "lookalikes.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if not line.startswith(_COMMENT)]
    return {character: letters for letters, characters in lines for character in characters}


_LOOKALIKES = _read_lookalikes()


class _Fold(dict[str, str]):
    """The fold of each character met so far: letters, a separator, or nothing."""

    def __missing__(self, character: str) -> str:
        if len(self) > _CACHE_LIMIT:
            self.clear()
        folded = self[character] = _fold_character(character)
        return folded


def _fold_character(character: str) -> str:
    if character in _WORDS:
        return "".join(_SKELETON.get(letter, letter) for letter in _WORDS[character])
    return "".join(_fold_plain(part) for part in unicodedata.normalize("NFKD", character))


def _fold_plain(character: str) -> str:
    folded = _LOOKALIKES.get(character) or "".join(
        _LOOKALIKES.get(letter, letter) for letter in unicodedata.normalize("NFKD", character.casefold())
    )
    kept = []
    for letter in folded:
        category = unicodedata.category(letter)
        if category[0] in "LN" or letter in _SKELETON:
            kept.append(_SKELETON.get(letter, letter))
        elif category not in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
            kept.append(SEPARATOR)
    return "".join(kept)


_FOLD = _Fold()


@dataclass(frozen=True)
class Folded:
    """A folded text without its separators.

    `letters` are the letters and digits that remain. `origins[i]` is the place of letter i in the original text.
    `word_starts[i]` is 1 when letter i is the first of a word; there is one more entry than letters, 1 for the end.
    """

    letters: str
    origins: list[int]
    word_starts: bytearray

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that letters `start` to `end` (exclusive) came from."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text; see the module's description. Time and space are linear in its length."""
    letters: list[str] = []
    origins: list[int] = []
    word_starts = bytearray()
    fresh = 1
    for place, piece in enumerate(map(_FOLD.__getitem__, text)):
        for letter in piece:
            if letter == SEPARATOR:
                fresh = 1
                continue
            letters.append(letter)
            origins.append(place)
            word_starts.append(fresh)
            fresh = 0
    word_starts.append(1)
    return Folded("".join(letters), origins, word_starts)


def fold_words(text: str) -> list[str]:
    """Return the words of a text, folded."""
    folded = fold(text)
    starts = [place for place, is_start in enumerate(folded.word_starts) if is_start]
    return [folded.letters[start:end] for start, end in itertools.pairwise(starts)]
