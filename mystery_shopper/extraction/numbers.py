"""Numbers in figures and in words, read from tokens: `5`, `5,000,000`, `0.607`, `five`, `two and a half`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mystery_shopper.extraction.tokens import FIGURE, WORD, Token

_UNITS = {
    word: Decimal(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: Decimal(value * 10)
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SMALL_NUMBERS = _UNITS | _TENS | {"single": Decimal(1), "couple": Decimal(2), "dozen": Decimal(12)}
SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "k": Decimal(1_000),
    "million": Decimal(1_000_000),
    "millions": Decimal(1_000_000),
    "mil": Decimal(1_000_000),
    "mill": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "mln": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
}
_GROUP = 3
_LONGEST_FIGURE = 40
_MOST_GROUPS = 4
"""Groups of three after the first figure: without an end, a page of `000 000 000` would be read again from each."""
_LETTER_SCALES = frozenset({"k", "m", "mn", "mln", "mil", "mill", "bn"})
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
NUMBER_WORDS = frozenset((*SMALL_NUMBERS, "a", "an", "one", *_FRACTIONS, *(f"{name}s" for name in _FRACTIONS)))
"""The words a number in words can begin with."""
_GROUPED = re.compile(r"\A[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?\Z")
_PLAIN = re.compile(r"\A[0-9]{1,13}(?:\.[0-9]{1,4})?\Z")
_LOOSELY_GROUPED = re.compile(r"\A[0-9]{1,3}(?:,[0-9]{2,4})+\Z")


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the tokens that write it (`first` up to, not including, `last`).

    `scaled`: it carries a word like million. `worded`: it is written in words.
    """

    value: Decimal
    first: int
    last: int
    scaled: bool
    worded: bool


def read_number(tokens: list[Token], at: int) -> Number | None:
    """Return the number that starts at token `at`, with its scale, or None."""
    token = tokens[at]
    if token.kind is FIGURE:
        value, last = _spaced_figure(tokens, at)
        return None if value is None else _with_scales(tokens, Number(value, at, last, scaled=False, worded=False))
    if token.kind is WORD:
        return _worded(tokens, at)
    return None


def _spaced_figure(tokens: list[Token], at: int) -> tuple[Decimal | None, int]:
    """Read a figure at `at`, with groups of three after spaces (`1 000 000`), and tell where it ends."""
    digits, last = tokens[at].text, at + 1
    if len(digits) <= _GROUP and digits.isdigit():
        while last <= at + _MOST_GROUPS and digits.isdigit() and _is_next_group(tokens, last):
            digits, last = digits + tokens[last].text.replace(",", ""), last + 1
    return figure(digits), last


def _is_next_group(tokens: list[Token], at: int) -> bool:
    if at >= len(tokens) or tokens[at].kind is not FIGURE or tokens[at].start != tokens[at - 1].end + 1:
        return False
    whole, _, pence = tokens[at].text.partition(".")
    if _GROUPED.match(whole) and whole.index(",") == _GROUP:
        return True
    return len(whole) == _GROUP and whole.isdigit() and (not pence or pence.isdigit())


def figure(text: str) -> Decimal | None:
    """Return the value of a number in figures, or None for one that is no plain number, as `1.3.2018`."""
    return _figure(text) if len(text) <= _LONGEST_FIGURE else None


@lru_cache(maxsize=10_000)
def _figure(text: str) -> Decimal | None:
    if _PLAIN.match(text):
        return Decimal(text)
    if _GROUPED.match(text) or _LOOSELY_GROUPED.match(text):
        return Decimal(text.replace(",", ""))
    return None


def _worded(tokens: list[Token], at: int) -> Number | None:
    fraction = _fraction_of_scale(tokens, at)
    if fraction is not None:
        return fraction
    word = tokens[at].text
    if word in SMALL_NUMBERS:
        value, last = SMALL_NUMBERS[word], at + 1
        if word in _TENS:
            value, last = _tens(tokens, value, last)
        return _with_scales(tokens, Number(value, at, last, scaled=False, worded=True))
    if word in ("a", "one", "an") and _word(tokens, at + 1) in ("hundred", "thousand", "million", "billion"):
        return _with_scales(tokens, Number(Decimal(1), at, at + 1, scaled=False, worded=True))
    return None


def _tens(tokens: list[Token], value: Decimal, last: int) -> tuple[Decimal, int]:
    """Read the unit of `twenty-five` or `twenty five`."""
    after = last + 1 if _text(tokens, last) in ("-", "\u2010", "\u2013") else last
    unit = _UNITS.get(_word(tokens, after))
    return (value + unit, after + 1) if unit is not None and 0 < unit < 10 else (value, last)


def _fraction_of_scale(tokens: list[Token], at: int) -> Number | None:
    """Read `half a million`, `a quarter of a million`, `three quarters of a million`."""
    times = SMALL_NUMBERS.get(tokens[at].text, Decimal(1))
    place = at + 1 if tokens[at].text == "a" or tokens[at].text in SMALL_NUMBERS else at
    fraction = _FRACTIONS.get(_word(tokens, place).removesuffix("s"))
    if fraction is None:
        return None
    place += 1
    while _word(tokens, place) in ("of", "a", "an"):
        place += 1
    scale = SCALES.get(_word(tokens, place))
    if scale is None or _word(tokens, place) in _LETTER_SCALES:
        return None
    return Number(times * fraction * scale, at, place + 1, scaled=True, worded=True)


def _with_scales(tokens: list[Token], number: Number) -> Number:
    """Add `million`, `hundred thousand`, `and a half million`, `hundred and twenty` to a number."""
    value, last, scaled = number.value, number.last, number.scaled
    if last >= len(tokens) or tokens[last].kind is not WORD:
        return number
    if _word(tokens, last) == "and" and _words(tokens, last, 3) == ("and", "a", "half"):
        value, last = value + Decimal("0.5"), last + 3
    for _ in range(3):
        word = _word(tokens, last)
        if word not in SCALES or (word in _LETTER_SCALES and not _is_suffix(tokens, last)):
            break
        value, last, scaled = value * SCALES[word], last + 1, True
        if word == "hundred" and _word(tokens, last) == "and" and _word(tokens, last + 1) in SMALL_NUMBERS:
            value, last = _tens(tokens, value + SMALL_NUMBERS[_word(tokens, last + 1)], last + 2)
    return Number(value, number.first, last, scaled=scaled, worded=number.worded)


def _is_suffix(tokens: list[Token], at: int) -> bool:
    """Tell whether a letter (`5m`, `5 m GBP`, `£5 m`) is the scale of the number before it."""
    if tokens[at].start == tokens[at - 1].end:
        return True
    money_words = ("gbp", "gpb", "pounds", "pound", "eur", "euro", "euros", "sterling")
    before = tokens[at - 2].text if at > 1 else ""
    return _word(tokens, at + 1) in money_words or before in ("£", "€", "$", "gbp", "gpb")


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) and tokens[at].kind is WORD else ""


def _words(tokens: list[Token], at: int, count: int) -> tuple[str, ...]:
    return tuple(_word(tokens, at + offset) for offset in range(count))
