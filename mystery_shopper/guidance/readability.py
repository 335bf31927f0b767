"""How hard a text is to read: length of sentences, and the reading age of Flesch and Kincaid. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_SENTENCE = 30
"""Words: above it a page says what to shorten."""
OLDEST_READER = 12.0
"""Reading age in years that a page may need at most."""
TERMS = frozenset(
    {
        *("advertising", "anonymous", "authorities", "authority", "certificate", "certificates", "competition"),
        *("competitions", "confidential", "contract", "contracts", "criteria", "criterion", "december", "document"),
        *("documents", "employee", "employees", "equivalent", "equivalents", "experience", "february", "framework"),
        *("frameworks", "government", "guarantee", "guarantees", "information", "insurance", "january", "mutual"),
        *("mutuals", "organisation", "organisations", "procedure", "procurement", "procurements", "proportionate"),
        *("regulation", "regulations", "requirement", "requirements", "section", "sections", "specification"),
        *("subcontract", "subcontractors", "supplier", "suppliers", "turnover"),
    }
)
"""Words of the trade that every reader of these pages has met: they count as words of two syllables."""
_AGE_OF_FIRST_GRADE = 5
_TERM_SYLLABLES = 2
_SENTENCE = re.compile(r"(?<=[.?!:])\s+")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019-])*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Reading:
    """How a text reads: its reading age in years, and its longest sentence."""

    age: float
    longest: str

    @property
    def longest_words(self) -> int:
        """Return how many words the longest sentence has."""
        return len(_WORD.findall(self.longest))


def read(text: str) -> Reading:
    """Return how a text reads. A text without words is read by anybody."""
    sentences = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    if not words:
        return Reading(0.0, "")
    syllables = sum(syllables_of(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    longest = max(sentences, key=lambda part: len(_WORD.findall(part)))
    return Reading(round(grade + _AGE_OF_FIRST_GRADE, 1), longest)


def syllables_of(word: str) -> int:
    """Return about how many syllables a word has: its groups of vowels, without a silent e at the end."""
    plain = word.lower().strip("'\u2019-")
    if plain in TERMS:
        return _TERM_SYLLABLES
    groups = len(_VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)
