"""Dates written in figures or words, found in tokens: `17th March 2025`, `1.3.2018`, `17/03/2025`, `2025-03-17`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mystery_shopper.extraction.tokens import FIGURE, Token

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_ORDINALS = frozenset(("st", "nd", "rd", "th", "of"))
_SEPARATORS = frozenset(("/", "-"))
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date and the tokens that write it (`first` up to, not including, `last`)."""

    value: date
    first: int
    last: int


def find_dates(tokens: Sequence[Token]) -> list[WrittenDate]:
    """Return the dates of a text in order; figures are read day first, as in Britain, unless the year comes first."""
    found: list[WrittenDate] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind is not FIGURE and tokens[at].text not in _MONTHS:
            at += 1
            continue
        written = _worded(tokens, at) or _in_figures(tokens, at)
        if written is None:
            at += 1
            continue
        found.append(written)
        at = written.last
    return found


def _worded(tokens: Sequence[Token], at: int) -> WrittenDate | None:
    """Read `17 March 2025`, `17th of March 2025` and `March 17, 2025`."""
    if tokens[at].kind is FIGURE:
        place = at + 1
        while place < len(tokens) and tokens[place].text in _ORDINALS:
            place += 1
        month = _month(tokens, place)
        return _dated(tokens, tokens[at].text, month, place + 1, at) if month else None
    month = _month(tokens, at)
    if not month or at + 1 >= len(tokens) or tokens[at + 1].kind is not FIGURE:
        return None
    place = at + 2
    while place < len(tokens) and tokens[place].text in (*_ORDINALS, ","):
        place += 1
    return _dated(tokens, tokens[at + 1].text, month, place, at)


def _dated(tokens: Sequence[Token], day: str, month: int, year_at: int, first: int) -> WrittenDate | None:
    if year_at < len(tokens) and tokens[year_at].text == ",":
        year_at += 1
    year = tokens[year_at].text if year_at < len(tokens) else ""
    value = _date(year, str(month), day)
    return None if value is None else WrittenDate(value, first, year_at + 1)


def _in_figures(tokens: Sequence[Token], at: int) -> WrittenDate | None:
    """Read `17/03/2025`, `17-03-2025`, `2025-03-17` and `17.3.2025`."""
    if tokens[at].kind is not FIGURE:
        return None
    dotted = tokens[at].text.split(".")
    if len(dotted) == len("dmy"):
        value = _date(dotted[2], dotted[1], dotted[0])
        return None if value is None else WrittenDate(value, at, at + 1)
    parts = tokens[at : at + 5]
    if len(parts) < len("d/m/y") or parts[1].text not in _SEPARATORS or parts[3].text != parts[1].text:
        return None
    first, month, last = parts[0].text, parts[2].text, parts[4].text
    value = _date(first, month, last) if len(first) == _YEAR_DIGITS else _date(last, month, first)
    return None if value is None else WrittenDate(value, at, at + len("d/m/y"))


def _date(year: str, month: str, day: str) -> date | None:
    if len(year) != _YEAR_DIGITS or not all(part.isdigit() and part.isascii() for part in (year, month, day)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _month(tokens: Sequence[Token], at: int) -> int:
    return _MONTHS.get(tokens[at].text, 0) if at < len(tokens) else 0
