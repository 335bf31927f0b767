"""Bank holidays, from the copy of the GOV.UK list that ships in the package `govuk-bank-holidays`: nothing is fetched.

The list is read as data. The package's own reader would bring an HTTP client into every start. `data/calendars.csv`
says for which years the list is complete, and `data/declared_days.csv` takes what was proclaimed since: a day to add
or to remove, with its source.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from mystery_shopper.core.calendar import WorkingCalendar
from mystery_shopper.core.tables import keyed_rows, make_rows, read_table

ENGLAND_AND_WALES = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"
ADDED = "added"
REMOVED = "removed"
KNOWN_AHEAD = timedelta(days=180)
"""Longer than the longest clock that counts working days, with time to act."""
CALENDARS_FILE = "core/data/calendars.csv"
DECLARED_FILE = "core/data/declared_days.csv"


@cache
def bank_holidays(division: str = ENGLAND_AND_WALES) -> frozenset[date]:
    """Return the bank holidays of one division of the United Kingdom, for the years the list covers."""
    listed = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text(encoding="utf-8"))
    found = frozenset(date.fromisoformat(event["date"]) for event in listed[division]["events"])
    added, removed = read_declared(read_table(DECLARED_FILE), division)
    return (found | added) - removed


@cache
def calendars() -> Mapping[str, WorkingCalendar]:
    """Return the calendar of each division, with the years it is known for.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return read_calendars(read_table(CALENDARS_FILE))


def calendar_of(division: str | None) -> WorkingCalendar:
    """Return the calendar of a division; that of England and Wales, where the service works, when none is known."""
    return calendars()[division or ENGLAND_AND_WALES]


def calendar_problems(today: date) -> list[str]:
    """Return which calendars end so soon that clocks begin to count past what is known, in words for the operator."""
    return [
        f"calendar: bank holidays of {one.label} are known until {one.known_until.isoformat()} only; "
        "install a newer list and set its years in core/data/calendars.csv"
        for one in calendars().values()
        if one.known_until - today < KNOWN_AHEAD
    ]


def read_calendars(lines: Sequence[str]) -> Mapping[str, WorkingCalendar]:
    """Return the calendars a file describes.

    Raises:
        ConfigurationError: a line cannot be read; the line is named.
    """
    return keyed_rows(lines, CALENDARS_FILE, _calendar)


def _calendar(row: Mapping[str, str]) -> tuple[str, WorkingCalendar]:
    division = row["division"]
    return division, WorkingCalendar(
        division=division,
        label=row["label"],
        holidays=bank_holidays(division),
        known_from=date(int(row["first_year"]), 1, 1),
        known_until=date(int(row["last_year"]), 12, 31),
        source=row["source"],
    )


def read_declared(lines: Sequence[str], division: str) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days a file adds to the list of a division, and those it removes.

    Raises:
        ConfigurationError: a line cannot be read, or names no source; the line is named.
    """
    days: dict[str, set[date]] = {ADDED: set(), REMOVED: set()}

    def add(row: Mapping[str, str]) -> None:
        day, kind = date.fromisoformat(row["day"]), days[row["change"]]
        if not row["source"]:
            raise ValueError("a source is missing")
        if row["division"] == division:
            kind.add(day)

    make_rows(lines, DECLARED_FILE, add)
    return frozenset(days[ADDED]), frozenset(days[REMOVED])
