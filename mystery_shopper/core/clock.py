"""The only place that reads the clock. Views and commands call it; services get `now` as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)


def utc_now() -> datetime:
    """Return the current moment as an aware UTC datetime."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the date it is now in London: the date people mean when they say today."""
    return day_in_london(utc_now())


def day_in_london(moment: datetime) -> date:
    """Return the date of a moment in London."""
    return moment.astimezone(LONDON).date()


def reporter_now() -> datetime:
    """Return midnight UTC of today's London date.

    Whatever a reporter does is stored with this value: the hour of a visit is a trace
    that an employer's network log could be matched with, and no case needs it.
    """
    return datetime.combine(today(), time(0), UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Make the clock stand at `moment` (aware) inside the block, in this context only."""
    if moment.tzinfo is None:
        raise ValueError("moment must be aware")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
