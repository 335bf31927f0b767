"""Counting attempts in the database. Call inside a transaction that is committed before the attempt is looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import AttemptTally
from mystery_shopper.accounts.throttle import Tally, count_attempt, count_service_attempt
from mystery_shopper.core.crypto import keyring

WHOLE_SERVICE = "service"
KEPT_FOR = timedelta(days=1)

Counting = Callable[[Tally, datetime], tuple[Tally, bool]]


def is_allowed(session: Session, subject: str, now: datetime) -> bool:
    """Count an attempt on `subject` ("sign-in:<address>", "code:<user>") and tell whether it may be looked at."""
    return _count(session, subject, now, count_attempt)


def is_service_allowed(session: Session, now: datetime) -> bool:
    """Count an attempt on the whole service and tell whether it may be looked at."""
    return _count(session, WHOLE_SERVICE, now, count_service_attempt)


def forget(session: Session, subject: str) -> None:
    """Forget the attempts on `subject`: the right person has come in."""
    session.execute(delete(AttemptTally).where(AttemptTally.key_hash == _key(subject)))


def delete_old(session: Session, now: datetime) -> None:
    """Delete tallies nothing depends on any more."""
    session.execute(delete(AttemptTally).where(AttemptTally.window_started_at < now - KEPT_FOR))


def _key(subject: str) -> bytes:
    return keyring().mac("attempts", subject.encode("utf-8", "replace"))


def _count(session: Session, subject: str, now: datetime, counting: Counting) -> bool:
    row = _locked_row(session, _key(subject), now)
    before = Tally(row.window_started_at, row.attempts, row.locks, row.locked_until)
    after, allowed = counting(before, now)
    row.window_started_at, row.attempts = after.window_started_at, after.attempts
    row.locks, row.locked_until = after.locks, after.locked_until
    session.flush()
    return allowed


def _locked_row(session: Session, key_hash: bytes, now: datetime) -> AttemptTally:
    """Return the row of a key, made if need be, that nobody else can change before we commit.

    One statement: between two, whoever came in rightly could have deleted the row (`forget`).
    """
    values = {"key_hash": key_hash, "window_started_at": now, "attempts": 0, "locks": 0}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(AttemptTally)
        .values(values)
        .on_conflict_do_update(index_elements=["key_hash"], set_={"attempts": AttemptTally.attempts})
        .returning(AttemptTally)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one()
