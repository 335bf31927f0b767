"""Amounts of money, percentages, multiples, durations and plain counts, found in tokens.

A quantity says what is written, not what it means: which fact it belongs to is decided in `readings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from mystery_shopper.extraction.numbers import NUMBER_WORDS, Number, read_number
from mystery_shopper.extraction.tokens import FIGURE, WORD, Kind, Token


class Measure(StrEnum):
    """What a quantity measures."""

    MONEY = "money"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    YEARS = "years"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    HOURS = "hours"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value; tokens `first` up to, not including, `last`.

    Money is in whole units of `currency` (pounds, not pence). `low` is the lower end when a range was written; `value`
    is then its upper end. `alternatives` are other values joined by `or`.
    """

    measure: Measure
    value: Decimal
    first: int
    last: int
    currency: str = ""
    low: Decimal | None = None
    joined_by: str = ""


_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_CODES = {"gbp": "GBP", "gpb": "GBP", "gdp": "GBP", "eur": "EUR", "usd": "USD", "cad": "USD", "aud": "USD"}
_NAMES = {
    "pound": "GBP", "pounds": "GBP", "sterling": "GBP", "quid": "GBP",
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD",
}  # fmt: skip
_UNITS = {
    "year": Measure.YEARS, "years": Measure.YEARS, "yr": Measure.YEARS, "yrs": Measure.YEARS,
    "sets": Measure.YEARS,  # of accounts: one set for each year
    "month": Measure.MONTHS, "months": Measure.MONTHS, "mth": Measure.MONTHS, "mths": Measure.MONTHS,
    "week": Measure.WEEKS, "weeks": Measure.WEEKS,
    "day": Measure.DAYS, "days": Measure.DAYS, "hour": Measure.HOURS, "hours": Measure.HOURS,
}  # fmt: skip
_BETWEEN = frozenset(
    [
        "financial",
        "calendar",
        "working",
        "business",
        "clear",
        "full",
        "consecutive",
        "previous",
        "past",
        "last",
        "recent",
        "most",
        "complete",
        "completed",
        "accounting",
        "fiscal",
        "audited",
        "trading",
        "prior",
        "preceding",
        "successive",
        "annual",
        "of",
        "immediately",
        "more",
        "further",
        "additional",
        "reported",
        "available",
        "published",
        "st",
        "nd",
        "rd",
        "th",
    ]
)
_COUNT = Measure.COUNT
_LOOK_AHEAD = 5
_CLOSING = {"(": ")", "[": "]"}
_REPEAT = 10
"""Most tokens of a number that is repeated in brackets."""
_TIMES = {"twice": 2, "double": 2, "thrice": 3, "treble": 3, "triple": 3, "quadruple": 4, "twofold": 2, "threefold": 3}
_SHARES = {"half": 50, "quarter": 25, "fifth": 20, "tenth": 10}
_RANGE_MARKS = frozenset(("-", "\u2013", "\u2014", "\u2010", "to", "and", "or", "/", "up"))
_DASHES = frozenset(("-", "\u2013", "\u2014", "\u2010"))
_ONE_YEAR = frozenset(("last", "latest", "previous", "recent", "preceding", "another"))
_COUNTRIES = frozenset(("us", "ca", "c", "au"))


_BEGINS = frozenset((*_SIGNS, *_CODES, *_TIMES, *_SHARES, *NUMBER_WORDS, *_ONE_YEAR, *_COUNTRIES, "by"))
"""What a quantity can begin with, beside figures; every other token is passed over at once."""


def find_quantities(tokens: list[Token]) -> list[Quantity]:
    """Return the quantities of a text in order; ranges and `three or five years` come as one."""
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind is not FIGURE and token.text not in _BEGINS:
            at += 1
            continue
        quantity = _times_word(tokens, at) or _single_year(tokens, at) or _written(tokens, at) or _share(tokens, at)
        if quantity is None:
            at += 1
            continue
        found.append(quantity)
        at = max(quantity.last, at + 1)
    return _share_units(tokens, found)


def _times_word(tokens: list[Token], at: int) -> Quantity | None:
    value = _TIMES.get(tokens[at].text)
    return None if value is None else Quantity(Measure.MULTIPLE, Decimal(value), at, at + 1)


def _share(tokens: list[Token], at: int) -> Quantity | None:
    """Read a share written as a fraction: `half of its price`, `a quarter of the contract sum`."""
    share = _SHARES.get(tokens[at].text)
    if share is None or _text(tokens, at + 1) not in ("of", "the", "its"):
        return None
    return Quantity(Measure.PERCENT, Decimal(share), at, at + 1)


def _single_year(tokens: list[Token], at: int) -> Quantity | None:
    """Read one year written without a number: `the last full financial year`, `extended by a year`."""
    text = tokens[at].text
    place = at + 1
    if text == "by" and _text(tokens, place) in ("a", "another"):
        place += 1
    elif text not in _ONE_YEAR:
        return None
    for _ in range(_LOOK_AHEAD):
        if _text(tokens, place) not in _BETWEEN:
            break
        place += 1
    return Quantity(Measure.YEARS, Decimal(1), at, place + 1) if _text(tokens, place) == "year" else None


def _written(tokens: list[Token], at: int) -> Quantity | None:
    sign = _currency_before(tokens, at)
    start = at + sign[1]
    if start >= len(tokens):
        return None
    number = read_number(tokens, start)
    if number is None or _is_part_of_a_name(tokens, at, number):
        return None
    number = _skip_repeat(tokens, number)
    if sign[0]:
        return Quantity(Measure.MONEY, number.value, at, _after_currency(tokens, number.last), sign[0])
    return _measured(tokens, at, number)


_TIMES_SIGNS = frozenset(("x", "\u00d7"))
_MEASURING = frozenset(
    (*_CODES, *_NAMES, "\u00a3", "\u20ac", *_UNITS, *_BETWEEN, *_DASHES, "(", "\n", *_TIMES_SIGNS, "times", "fold")
) | frozenset(("%", "percent", "pct", "percentage", "per"))
"""What can follow the number of something measured; before anything else it is a plain count."""


def _measured(tokens: list[Token], at: int, number: Number) -> Quantity:
    if not number.scaled and _text(tokens, number.last) not in _MEASURING and tokens[at - 1].text not in _TIMES_SIGNS:
        return Quantity(_COUNT, number.value, at, number.last)
    money = _currency_after(tokens, number.last)
    if money is not None:
        return Quantity(Measure.MONEY, number.value, at, money[1], money[0])
    for reader in (_percent, _multiple, _duration):
        measured = reader(tokens, at, number)
        if measured is not None:
            return measured
    if number.scaled and number.value >= 1000:
        return Quantity(Measure.MONEY, number.value, at, number.last)
    return Quantity(_COUNT, number.value, at, number.last)


def _currency_before(tokens: list[Token], at: int) -> tuple[str, int]:
    """Return the currency written before a number, and how many tokens it takes."""
    text = tokens[at].text
    if text in _SIGNS:
        return _SIGNS[text], 1
    if text in _CODES:
        return _CODES[text], 2 if _text(tokens, at + 1) in _SIGNS else 1
    if text in _COUNTRIES and _text(tokens, at + 1) == "$" and tokens[at].end == tokens[at + 1].start:
        return "USD", 2
    return "", 0


def _currency_after(tokens: list[Token], at: int) -> tuple[str, int] | None:
    text = _text(tokens, at)
    currency = _CODES.get(text) or _NAMES.get(text) or (_SIGNS.get(text) if text in ("£", "€") else None)
    if currency is None or (text in ("£", "€") and tokens[at].start != tokens[at - 1].end):
        return None
    return currency, _after_currency(tokens, at + 1)


def _after_currency(tokens: list[Token], last: int) -> int:
    """Take a second currency word along: `£5 million pounds sterling`."""
    while _text(tokens, last) in _NAMES or _text(tokens, last) in _CODES:
        last += 1
    return last


def _skip_repeat(tokens: list[Token], number: Number) -> Number:
    """Read over the repeat in brackets of `three (3) years`."""
    closing = _CLOSING.get(_text(tokens, number.last))
    if closing is None or all(token.text != closing for token in tokens[number.last + 2 : number.last + _REPEAT]):
        return number
    inner = read_number(tokens, number.last + 1)
    if inner is None or inner.value != number.value or _text(tokens, inner.last) != closing:
        return number
    return replace(number, last=inner.last + 1)


def _percent(tokens: list[Token], at: int, number: Number) -> Quantity | None:
    text = _text(tokens, number.last)
    if text in ("%", "percent", "pct", "percentage"):
        return Quantity(Measure.PERCENT, number.value, at, number.last + 1)
    if text == "per" and _text(tokens, number.last + 1) == "cent":
        return Quantity(Measure.PERCENT, number.value, at, number.last + 2)
    return None


def _multiple(tokens: list[Token], at: int, number: Number) -> Quantity | None:
    text = _text(tokens, number.last)
    if text in ("times", "x", "\u00d7", "fold"):
        return Quantity(Measure.MULTIPLE, number.value, at, number.last + 1)
    if at > 0 and tokens[at - 1].text in ("x", "\u00d7") and not number.scaled:
        return Quantity(Measure.MULTIPLE, number.value, at - 1, number.last)
    return None


def _duration(tokens: list[Token], at: int, number: Number) -> Quantity | None:
    if number.scaled:
        return None
    working = False
    place = number.last
    for _ in range(_LOOK_AHEAD):
        place = _after_sum(tokens, place)
        text = _text(tokens, place)
        unit = _UNITS.get(text)
        if unit is not None:
            kind = Measure.WORKING_DAYS if unit is Measure.DAYS and working else unit
            return Quantity(kind, number.value, at, place + 1)
        if text not in _BETWEEN and text not in _DASHES and text != "(" and not _left_line_end(tokens, place):
            return None
        working = working or text in ("working", "business", "clear")
        place += 1
    return None


def _left_line_end(tokens: list[Token], at: int) -> bool:
    """Tell whether a line end of which letters are left stands between a number and its unit: `12rn months`."""
    return _text(tokens, at) == "\n" and tokens[at].end - tokens[at].start > 1


def _after_sum(tokens: list[Token], at: int) -> int:
    """Step over a sum in brackets, as in `7 (5 + 1 + 1) years`."""
    if _text(tokens, at) != "(":
        return at
    place = at + 1
    while place < min(len(tokens), at + 2 * _LOOK_AHEAD) and (
        tokens[place].kind is FIGURE or tokens[place].text in ("+", "x", "plus")
    ):
        place += 1
    return place + 1 if place > at + 1 and _text(tokens, place) == ")" else at


def _is_part_of_a_name(tokens: list[Token], at: int, number: Number) -> bool:
    """Tell whether digits belong to a standard, a law, a telephone number or a date, as in `ISO 9001:2015`."""
    token = tokens[at]
    if token.kind is not FIGURE:
        return False
    if _numbers_a_point(tokens, at, number):
        return True
    before = tokens[at - 1] if at else None
    if before is not None and before.kind is WORD and before.end == token.start and before.text not in _CODES:
        return True
    if before is not None and before.text in _NAMING and not number.scaled:
        return True
    if before is not None and before.text in (":", "/") and before.end == token.start and at > 1:
        return tokens[at - 2].kind is FIGURE and tokens[at - 2].end == before.start
    return token.text.startswith("0") and len(token.text) > 3 and "." not in token.text


def _numbers_a_point(tokens: list[Token], at: int, number: Number) -> bool:
    """Tell whether a number heads a point of a list, as `2. Gearing` or `3) Accounts` at the start of a line."""
    starts_line = at == 0 or tokens[at - 1].kind is Kind.BREAK
    return starts_line and number.last == at + 1 and _text(tokens, number.last) in (".", ")")


_NAMING_WORDS = (
    "iso nec jct nec3 nec4 bs en pas section sections regulation regulations article articles clause "
    "paragraph para part schedule lot lots annex appendix page pages question stage phase version form "
    "rule iec ohsas level grade category class chapter act no number ref reference january february march "
    "april may june july august september october november december"
)
_NAMING = frozenset(_NAMING_WORDS.split())


def _share_units(tokens: list[Token], found: list[Quantity]) -> list[Quantity]:
    """Join `two to three years`, `£2m to £5m`, `ten to twenty per cent`: the last one lends its unit to the first."""
    joined: list[Quantity] = []
    for quantity in found:
        if joined:
            merged = _merge(tokens, joined[-1], quantity)
            if merged is not None:
                joined[-1] = merged
                continue
        joined.append(quantity)
    return _join_lists(tokens, joined)


def _join_lists(tokens: list[Token], found: list[Quantity]) -> list[Quantity]:
    """Join three values or more said in one breath, as `£2m, £5m and £10m`: what is asked for lies between them."""
    joined: list[Quantity] = []
    run: list[Quantity] = []
    for quantity in found:
        if run and not _goes_on(tokens, run[-1], quantity):
            joined.extend(_as_one(run))
            run = []
        run.append(quantity)
    return joined + _as_one(run)


def _goes_on(tokens: list[Token], before: Quantity, after: Quantity) -> bool:
    if before.measure is not after.measure or before.currency != after.currency or after.measure is _COUNT:
        return False
    between = [token.text for token in tokens[before.last : after.first]]
    return between in ([","], ["and"], ["or"], [",", "and"], [",", "or"])


def _as_one(run: list[Quantity]) -> list[Quantity]:
    values = [value for one in run for value in (one.low, one.value) if value is not None]
    if len(run) == 1 or len(values) < len("abc"):
        return run
    return [replace(run[-1], first=run[0].first, value=max(values), low=min(values), joined_by="to")]


def _merge(tokens: list[Token], before: Quantity, after: Quantity) -> Quantity | None:
    if after.first != before.last + 1 or tokens[before.last].text not in _RANGE_MARKS:
        return None
    between = tokens[before.last].text
    mark = "or" if between in ("or", "/") else "and" if between == "and" else "to"
    lent = before.measure is Measure.COUNT and after.measure is not Measure.COUNT
    same = before.measure is after.measure and before.currency == after.currency and after.measure is not Measure.COUNT
    if mark == "and" and not _opens_with_between(tokens, before):
        return None
    if not lent and not same:
        return None
    low = before.value
    if after.measure is Measure.MONEY and low < 1000 <= after.value:
        low *= _scale_of(tokens, after)
    return replace(after, first=before.first, low=low, joined_by=mark)


def _opens_with_between(tokens: list[Token], quantity: Quantity) -> bool:
    return quantity.first > 0 and tokens[quantity.first - 1].text == "between"


def _scale_of(tokens: list[Token], quantity: Quantity) -> Decimal:
    """Return the scale a range's upper end lends to its lower end: `2-5 million`."""
    for token in tokens[quantity.first : quantity.last]:
        number = {"million": 1_000_000, "m": 1_000_000, "bn": 10**9, "billion": 10**9, "k": 1000, "thousand": 1000}
        if token.text in number:
            return Decimal(number[token.text])
    return Decimal(1)


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""
