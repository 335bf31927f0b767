"""The words of a text as search compares them: without accents, by their stem, in each language. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from snowballstemmer import stemmer

from mystery_shopper.guidance.policy import Language

_ENGLISH_STOP = frozenset(
    {
        *("a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did"),
        *("do", "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "may"),
        *("me", "most", "must", "my", "no", "not", "of", "on", "or", "our", "should", "so", "some", "than", "that"),
        *("the", "their", "them", "then", "there", "they", "this", "those", "to", "too", "us", "was", "we", "were"),
        *("what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your"),
    }
)
_WELSH_STOP = frozenset(
    {
        *("a", "ac", "ag", "am", "amdano", "ar", "at", "beth", "bob", "bod", "byddai", "bydd", "chi", "cyn", "dan"),
        *("dim", "dros", "ef", "efallai", "ei", "eich", "ein", "er", "eu", "fel", "felly", "fod", "fi", "fy", "ffordd"),
        *("gan", "gyda", "hefyd", "hi", "hwn", "hon", "hyn", "hynny", "i", "ll", "m", "mae", "maent", "mewn", "mi"),
        *("n", "na", "nad", "neu", "ni", "nid", "nhw", "o", "ond", "oedd", "oes", "os", "pa", "pam", "pan", "pob"),
        *("pryd", "pwy", "r", "rhai", "rhaid", "rwyf", "rydw", "rydych", "sut", "sy", "sydd", "th", "u", "un", "w"),
        *("wedi", "wrth", "y", "ydych", "ydy", "yn", "yng", "ym", "yr", "yw"),
    }
)
STOP: Mapping[Language, frozenset[str]] = {Language.ENGLISH: _ENGLISH_STOP, Language.WELSH: _WELSH_STOP}
"""Words that nearly every page holds."""

_SHORTEST_STEM = 3
_FIRST_SOUNDS = re.compile(
    r"(?:(?P<throat>ngh|ng|ch|c|g)|(?P<tooth>nh|th|dd|d|t)|(?P<lip>mh|ph|ff|p|b|m|f)|(?P<l>ll|l)|(?P<r>rh|r)|h(?=[aeiouwy]))"
)
_ENDINGS = (
    *("iadau", "adau", "iaid", "oedd", "aeth"),
    *("iad", "ion", "iau", "iol", "edd", "wyr", "iwr", "odd", "ais", "wyd", "iff"),
    *("au", "ol", "on", "wr", "ir", "yr", "io", "u", "i", "o", "a"),
)
"""Endings of Welsh plurals, verbs and people, the longest first."""


def fold(value: str) -> str:
    """Return a text as it is compared: NFKC, lower case, no accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", value).casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def stem(word: str, language: Language) -> str:
    """Return the stem of a folded word."""
    return _STEMS[language](word)


@lru_cache(maxsize=16384)
def stem_of_page(word: str, language: Language) -> str:
    """Return the stem of a word of a page. What people type never comes here: nothing of it is kept."""
    return stem(word, language)


def _english_stem(word: str) -> str:
    return str(stemmer("english").stemWord(word))


def _welsh_stem(word: str) -> str:
    """Return a word without the first sound that mutates and without its ending: bond, fond and bondiau are one."""
    if not word.isalpha():
        return word
    first = _FIRST_SOUNDS.match(word)
    kind = first.lastgroup if first else None
    found = f"{_INITIALS.get(kind or '', '')}{word[first.end() :] if first else word}"
    while ending := _ending_of(found):
        found = found.removesuffix(ending)
    return found if len(found) >= _SHORTEST_STEM else word


def _ending_of(word: str) -> str:
    """Return the longest ending that leaves enough of a word; nothing when there is none."""
    fits = (one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= _SHORTEST_STEM)
    return next(fits, "")


_INITIALS: Mapping[str, str] = {"tooth": "t", "lip": "p", "l": "l", "r": "r"}
"""What stands for every form of a first sound; for those of the throat nothing, because g is lost when it softens."""
_STEMS: Mapping[Language, Callable[[str], str]] = {Language.ENGLISH: _english_stem, Language.WELSH: _welsh_stem}
