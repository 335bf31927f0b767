"""What of a count may be published, pure: up to which day, small cells, and what would give them away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Generic, TypeVar

from mystery_shopper.core.calendar import YEAR_BEGINS, add_months, financial_year
from mystery_shopper.core.tables import read_numbers

K = TypeVar("K")
FIGURES_FILE = "statistics/data/figures.csv"


class Figure(StrEnum):
    """Numbers of policy."""

    SMALLEST_COUNT = "smallest-count"
    RELEASE_MONTHS = "release-months"
    YEARS_SHOWN = "years-shown"


@cache
def figures() -> Mapping[Figure, int]:
    """Return the numbers of policy, read once."""
    return read_numbers(FIGURES_FILE, Figure)


def first_day(year: int) -> date:
    """Return the day on which a financial year begins."""
    return date(year, *YEAR_BEGINS)


def last_day(year: int) -> date:
    """Return the day on which a financial year ends."""
    return first_day(year + 1) - timedelta(days=1)


def year_name(year: int) -> str:
    """Return a financial year as it is written: 2025-26."""
    return f"{year}-{(year + 1) % 100:02d}"


def counted_until(today: date, months: int) -> date:
    """Return the last day that is counted: that of the last whole period of `months` months of a financial year.

    Figures stand still until the next period has passed: from two versions of the page a day apart, what was decided
    in between could be told of one case.
    """
    start = first_day(financial_year(today))
    passed = start
    while add_months(passed, months) <= today:
        passed = add_months(passed, months)
    return passed - timedelta(days=1)


@dataclass(frozen=True)
class Parts(Generic[K]):
    """A count and its parts, as they may be shown; None stands for a number that is hidden."""

    total: int | None
    parts: Mapping[K, int | None]

    def share(self, part: K) -> int | None:
        """Return a part as a whole per cent of the total, None where it may not or cannot be said."""
        number = self.parts.get(part)
        return None if number is None or not self.total else round(100 * number / self.total)


def protect(counts: Mapping[K, int], smallest: int) -> Parts[K]:
    """Hide the parts below `smallest`, and as many others as are needed so that none follows from the total.

    Nothing (0) is shown: it says that there was no case. A total below `smallest` is hidden with all its parts. At
    least two parts are hidden or none, and together they hold at least `smallest`. That can always be reached: were
    every part above 0 hidden, together they would be the total.
    """
    total = sum(counts.values())
    if 0 < total < smallest:
        return Parts(None, dict.fromkeys(counts))
    hidden = {part for part, number in counts.items() if 0 < number < smallest}
    others = sorted((number, place) for place, (part, number) in enumerate(counts.items()) if number >= smallest)
    order = list(counts)
    while hidden and others and (len(hidden) == 1 or sum(counts[part] for part in hidden) < smallest):
        hidden.add(order[others.pop(0)[1]])
    return Parts(total, {part: None if part in hidden else number for part, number in counts.items()})


def hide_small(number: int, smallest: int) -> int | None:
    """Return a count that stands by itself, None for one that is too small to show."""
    return None if 0 < number < smallest else number


def median_of(days: Iterable[tuple[int, int]]) -> float | None:
    """Return the median of numbers given as (number, how often), None of nothing."""
    counted = sorted(days)
    total = sum(often for _, often in counted)
    if not total:
        return None
    return (_at(counted, (total - 1) // 2) + _at(counted, total // 2)) / 2


def _at(counted: list[tuple[int, int]], place: int) -> int:
    for number, often in counted:
        if place < often:
            return number
        place -= often
    raise IndexError(place)
