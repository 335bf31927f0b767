"""Decisions about looking at who reported, pure: the reasons there are, how long it is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.core.tables import keyed_rows, read_numbers, read_table

FIGURES_FILE = "identity/data/figures.csv"
REASONS_FILE = "identity/data/reasons.csv"
ACCESS = "access"
"""The reason of a look that a pack for the reporter is."""


class Figure(StrEnum):
    """Each figure by its name in the file; units stand there."""

    OPEN = "open"
    REASON = "reason"


@dataclass(frozen=True)
class Reason:
    """Why somebody looks: in words for staff, and as the end of a sentence for the reporter.

    Those that are not offered on the page are put down by the program itself.
    """

    id: str
    label: str
    reporter_words: str
    is_offered: bool


@cache
def figures() -> Mapping[Figure, int]:
    """Return the figures, each a whole number above zero in the unit its line names.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    return read_numbers(FIGURES_FILE, Figure)


@cache
def reasons() -> Mapping[str, Reason]:
    """Return the reasons there are, by id, in the order of the file.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return keyed_rows(
        read_table(REASONS_FILE),
        REASONS_FILE,
        lambda row: (row["reason"], _reason(row)),
    )


def _reason(row: Mapping[str, str]) -> Reason:
    return Reason(row["reason"], row["label"], row["reporter_words"], {"yes": True, "no": False}[row["offered"]])


def offered_reasons() -> Mapping[str, Reason]:
    """Return the reasons the page offers, by id."""
    return {name: one for name, one in reasons().items() if one.is_offered}


def open_until(revealed_at: datetime) -> datetime:
    """Return when a look is over."""
    return revealed_at + timedelta(minutes=figures()[Figure.OPEN])
