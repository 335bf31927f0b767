"""Regular expressions that accept exactly the texts of a range, for schemas, which can bound numbers but not texts.

They mean the same in ECMAScript (what JSON Schema asks for) and in Python.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

END = r"(?![\s\S])"
"""The end of the text. `$` would let Python accept a line break at the end."""
DIGIT = "[0-9]"
_MONTH_ENDS = ("(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])", "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)")
_FEBRUARY, _LEAP_DAY = "02-(?:0[1-9]|1[0-9]|2[0-8])", "02-29"
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff"


def text_pattern() -> str:
    """Accept a text that has more than spaces in it, and no control characters."""
    return rf"^(?=[\s\S]*\S)[^{_CONTROL}]*{END}"


def date_pattern(low: date, high: date) -> str:
    """Accept real dates from `low` to `high`, both included, as in 2026-03-27."""
    years = range(low.year, high.year + 1)
    leap = [year for year in years if _is_leap(year)]
    days = "|".join((*_MONTH_ENDS, _FEBRUARY))
    found = [f"(?:{_one_of(years)})-(?:{days})"]
    found += [f"(?:{_one_of(leap)})-{_LEAP_DAY}"] if leap else []
    early = [f"{low.year}-{rest}" for rest in _before(low)]
    late = [f"{high.year}-{rest}" for rest in _after(high)]
    outside = f"(?!{'|'.join(early + late)})" if early + late else ""
    return f"^{outside}(?:{'|'.join(found)}){END}"


def decimal_pattern(low: Decimal, high: Decimal, *, digits: int, places: int) -> str:
    """Accept decimals from `low` to `high`, both included: at most `digits` before the point and `places` after it."""
    shape = rf"{DIGIT}{{1,{digits}}}(?:\.{DIGIT}{{1,{places}}})?{END}"
    top = _below(high + Decimal(1).scaleb(-places), places)
    refused = f"(?!{_below(low, places)}{END})" if low > 0 else ""
    return f"^(?={shape}){refused}{top}{END}"


def _below(bound: Decimal, places: int) -> str:
    """Accept decimals under a positive `bound` with at most `places` places, whatever zeros stand in front."""
    whole, _, fraction = f"{bound:.{places}f}".partition(".")
    smaller = [_same_then_smaller(whole, at) + DIGIT * (len(whole) - at - 1) for at in _not_zero(whole)]
    shorter = f"{DIGIT}{{1,{len(whole) - 1}}}|" if len(whole) > 1 else ""
    part = rf"(?:\.{DIGIT}{{1,{places}}})?"
    found = [f"0*(?:{shorter}{'|'.join(smaller)}){part}"] if smaller or shorter else []
    if _not_zero(fraction):
        found.append(rf"0*{whole}(?:\.(?:{'|'.join(_fractions_below(fraction))}))?")
    return f"(?:{'|'.join(found)})"


def _fractions_below(fraction: str) -> list[str]:
    """Accept the digits after a point that make less than `fraction`: a smaller digit, or the same ones cut short."""
    last = _not_zero(fraction)[-1]
    smaller = [
        _same_then_smaller(fraction, at) + f"{DIGIT}{{0,{len(fraction) - at - 1}}}" for at in _not_zero(fraction)
    ]
    return smaller + [fraction[:length] for length in range(1, last + 1)]


def _same_then_smaller(digits: str, at: int) -> str:
    return f"{digits[:at]}[0-{int(digits[at]) - 1}]"


def _not_zero(digits: str) -> list[int]:
    return [at for at, digit in enumerate(digits) if digit != "0"]


def _before(day: date) -> list[str]:
    """Name the months and days of a year that come before a day in it."""
    months = [f"{month:02}-" for month in range(1, day.month)]
    return months + [f"{day.month:02}-{number:02}" for number in range(1, day.day)]


def _after(day: date) -> list[str]:
    """Name the months and days of a year that come after a day in it."""
    months = [f"{month:02}-" for month in range(day.month + 1, 13)]
    return [f"{day.month:02}-{number:02}" for number in range(day.day + 1, 32)] + months


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _one_of(years: range | list[int]) -> str:
    """Name years, those of one decade together."""
    decades: dict[int, str] = {}
    for year in years:
        decades[year // 10] = decades.get(year // 10, "") + str(year % 10)
    return "|".join(f"{decade}[{units}]" for decade, units in decades.items())
