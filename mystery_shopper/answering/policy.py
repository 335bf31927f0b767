"""Codes, how long an invitation works, and who may still open the page. Pure."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.answering.states import Access
from mystery_shopper.core.receipts import ALPHABET, fold
from mystery_shopper.core.tables import check_complete, keyed_rows, read_table

LIMITS_FILE = "answering/data/limits.csv"
CODE_LENGTH = 8
"""40 bits: the code is nothing without the link (256 bits), and five tries in a minute lock the link."""
REFERENCE_LENGTH = 8
TYPED_MAX = 100


class Limit(StrEnum):
    """The limits of data/limits.csv."""

    ACCESS_DAYS = "access-days"
    IDLE_MINUTES = "idle-minutes"
    OPEN_HOURS = "open-hours"
    QUESTIONS = "questions"
    OFFICERS = "officers"
    WAITING = "waiting"


@cache
def limits() -> Mapping[Limit, int]:
    """Return the limits.

    Raises:
        ConfigurationError: a line cannot be read, or a limit is missing; it is named.
    """
    found = keyed_rows(read_table(LIMITS_FILE), LIMITS_FILE, lambda row: (Limit(row["limit"]), int(row["value"])))
    check_complete(found, Limit, LIMITS_FILE)
    return found


@dataclass(frozen=True)
class Person:
    """An officer of the authority as a caseworker or a colleague names them."""

    name: str
    role: str
    email: str


@dataclass(frozen=True)
class Contact:
    """Whom the officer can ring or write to: the one name of ours that they see."""

    name: str
    reach: str


def new_code() -> str:
    """Return a new code: 40 bits from the system's random source, letters and digits that cannot be confused."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Return a code as it is compared: case, spaces and hyphens do not matter, O is 0, I and L are 1."""
    return fold(typed[:TYPED_MAX])


def spoken(code: str) -> str:
    """Return a code in two halves, for reading aloud and typing."""
    return f"{code[: CODE_LENGTH // 2]} {code[CODE_LENGTH // 2 :]}"


def new_reference() -> str:
    """Return a random reference for the officer. It counts nothing and is no reference of a case."""
    return "".join(secrets.choice(ALPHABET) for _place in range(REFERENCE_LENGTH))


def expires_on(today: date, due_on: date | None) -> date:
    """Return the last day on which an invitation works."""
    shortest = today + timedelta(days=limits()[Limit.ACCESS_DAYS])
    return shortest if due_on is None else max(shortest, due_on)


def access_of(*, revoked: bool, opened: bool, last_day: date, today: date) -> Access:
    """Return how the access of an officer stands."""
    if revoked:
        return Access.REVOKED
    if today > last_day:
        return Access.EXPIRED
    return Access.OPENED if opened else Access.INVITED


def is_session_live(began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a page that was opened may still be used."""
    idle = timedelta(minutes=limits()[Limit.IDLE_MINUTES])
    longest = timedelta(hours=limits()[Limit.OPEN_HOURS])
    return now - seen_at <= idle and now - began_at <= longest
