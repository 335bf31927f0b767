"""Arithmetic of working days, months and statutory periods. Pure: holidays come in as an argument."""

from calendar import monthrange
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

SATURDAY = 5
MONTHS_IN_YEAR = 12

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def format_day(day: date) -> str:
    """Return a date as GOV.UK writes it: 1 June 2025."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


def is_working_day(day: date, holidays: AbstractSet[date]) -> bool:
    """Tell whether `day` is neither a weekend day nor one of `holidays`."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, count: int, holidays: AbstractSet[date]) -> date:
    """Return the day on which `count` working days after `start` end; `start` itself is not counted.

    `count` 0 gives `start`, whatever kind of day it is.

    Raises:
        ValueError: `count` is negative.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    day = start
    left = count
    while left:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            left -= 1
    return day


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
