"""Decisions about interests, pure: how long one stands, how many may be entered, how long an emergency lasts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.tables import read_numbers

FIGURES_FILE = "interests/data/figures.csv"


class Figure(StrEnum):
    """Each figure by its name in the file; units stand there."""

    COOLING_OFF = "cooling-off"
    EMERGENCY = "emergency"
    SUPPLIERS = "suppliers"
    SUPPLIERS_IN = "suppliers-in"


@cache
def figures() -> Mapping[Figure, int]:
    """Return the figures, each a whole number above zero in the unit its line names.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    return read_numbers(FIGURES_FILE, Figure)


def stands_until(ends_on: date | None) -> date | None:
    """Return the last day on which an interest stands against a case, None while it has no end."""
    return None if ends_on is None else add_months(ends_on, figures()[Figure.COOLING_OFF])


def emergency_until(opened_at: datetime) -> datetime:
    """Return when access in an emergency is over."""
    return opened_at + timedelta(hours=figures()[Figure.EMERGENCY])


def counted_since(now: datetime) -> datetime:
    """Return since when suppliers that a person entered count towards the most there may be."""
    return now - timedelta(days=figures()[Figure.SUPPLIERS_IN])
