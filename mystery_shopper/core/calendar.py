"""Arithmetic of working days, months and statutory periods. Pure: holidays come in as an argument."""

from calendar import monthrange
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from mystery_shopper.core.languages import ENGLISH, WELSH, current

SATURDAY = 5
MONTHS_IN_YEAR = 12
YEAR_BEGINS = (4, 6)
"""Month and day on which a financial year begins."""

MONTH_NAMES = {
    ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    WELSH: (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip


def format_day(day: date) -> str:
    """Return a date as GOV.UK writes it, in the current language: 1 June 2025, 1 Mehefin 2025."""
    return f"{day.day} {MONTH_NAMES[current()][day.month - 1]} {day.year}"


def format_month(year: int, month: int) -> str:
    """Return a month in the current language: June 2025, Mehefin 2025."""
    return f"{MONTH_NAMES[current()][month - 1]} {year}"


def financial_year(day: date) -> int:
    """Return the year in which the financial year of a day began: it runs from 6 April to 5 April."""
    return day.year if (day.month, day.day) >= YEAR_BEGINS else day.year - 1


@dataclass(frozen=True)
class Span:
    """Days on which a clock stands still: from `start` on, up to and without `end`."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Tell whether `day` is one of them."""
        return self.start <= day < self.end


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """The bank holidays of one division of the United Kingdom, and how far they are known."""

    division: str
    label: str
    holidays: AbstractSet[date]
    known_from: date
    known_until: date
    source: str

    def knows(self, start: date, end: date) -> bool:
        """Tell whether every bank holiday between two days, both included, is known."""
        return self.known_from <= start and end <= self.known_until


def stands(day: date, stopped: Sequence[Span]) -> bool:
    """Tell whether a clock stands still on `day`."""
    return any(span.holds(day) for span in stopped)


def stretch(start: date, end: date, stopped: Sequence[Span]) -> date:
    """Return when a period that would end on `end` does, if the days after `start` on which it stood do not count.

    Days are those of the calendar: each day stood still moves the end by one day.
    """
    left = (end - start).days
    day = start
    while left > 0:
        day += timedelta(days=1)
        if not stands(day, stopped):
            left -= 1
    return day if day > end else end


def is_working_day(day: date, holidays: AbstractSet[date]) -> bool:
    """Tell whether `day` is neither a weekend day nor one of `holidays`."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, count: int, holidays: AbstractSet[date], *, stopped: Sequence[Span] = ()) -> date:
    """Return the day on which `count` working days after `start` end; `start` itself is not counted.

    `count` 0 gives `start`, whatever kind of day it is. Days on which the clock is `stopped` do not count.

    Raises:
        ValueError: `count` is negative.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    day = start
    left = count
    while left:
        day += timedelta(days=1)
        if is_working_day(day, holidays) and not stands(day, stopped):
            left -= 1
    return day


def count_working_days(start: date, end: date, holidays: AbstractSet[date]) -> int:
    """Return how many working days lie after `start`, up to and with `end`; 0 when `end` is not later."""
    days = (start + timedelta(days=passed) for passed in range(1, (end - start).days + 1))
    return sum(1 for day in days if is_working_day(day, holidays))


def last_day_beginning_with(start: date, days: int) -> date:
    """Return the last day of a period of `days` calendar days beginning with `start`, so `start` is day 1.

    Source: the wording "within 30 days beginning with the day on which the notice is given"
    (Small Business, Enterprise and Employment Act 2015 s.40).
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    return start + timedelta(days=days - 1)


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day when it is shorter."""
    index = day.year * MONTHS_IN_YEAR + (day.month - 1) + months
    year, month = divmod(index, MONTHS_IN_YEAR)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
