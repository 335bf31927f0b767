"""Reads of holds."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text

from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import Subject, with_everything

SHOWN = 200
POSTGRESQL_HOLDS_LOCK = 0x4D5348
"""Apart from the lock of the audit log: whoever destroys goes on to append there."""


def standing_on(subjects: Collection[Subject]) -> Sequence[LegalHold]:
    """Return the holds that stand on any of the subjects, or on everything; oldest first."""
    wanted = with_everything(subjects)
    return db.session.scalars(
        select(LegalHold)
        .where(LegalHold.lifted_at.is_(None), or_(*(_is(subject) for subject in wanted)))
        .order_by(LegalHold.placed_at, LegalHold.id)
    ).all()


def _is(subject: Subject) -> ColumnElement[bool]:
    if subject.id is None:
        return LegalHold.scope == subject.scope
    return and_(LegalHold.scope == subject.scope, LegalHold.subject_id == subject.id)


def is_on(subject: Subject) -> bool:
    """Tell whether a hold stands on something, or on everything."""
    return bool(standing_on((subject,)))


def list_standing() -> Sequence[LegalHold]:
    """Return the holds that stand, the next review first; at most SHOWN."""
    return db.session.scalars(
        select(LegalHold)
        .where(LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.review_on, LegalHold.placed_at, LegalHold.id)
        .limit(SHOWN)
    ).all()


def list_lifted() -> Sequence[LegalHold]:
    """Return the holds that were lifted, the latest first; at most SHOWN."""
    return db.session.scalars(
        select(LegalHold)
        .where(LegalHold.lifted_at.is_not(None))
        .order_by(LegalHold.lifted_at.desc(), LegalHold.id)
        .limit(SHOWN)
    ).all()


def count_to_review(today: date) -> int:
    """Return how many holds have come to their day of review."""
    statement = select(func.count()).select_from(LegalHold)
    return db.session.scalar(statement.where(LegalHold.lifted_at.is_(None), LegalHold.review_on <= today)) or 0


def get_hold(hold_id: UUID, *, lock: bool = False) -> LegalHold:
    """Return a hold; with `lock` nobody else changes it before the commit.

    Raises:
        NotFoundError: no such hold.
    """
    hold = db.session.get(LegalHold, hold_id, with_for_update={"of": LegalHold} if lock else None)
    if hold is None:
        raise NotFoundError
    return hold


def lock_against_placing() -> None:
    """Let nobody place a hold before the commit; others may ask at the same time.

    On SQLite a transaction that writes holds the only write lock from its beginning.
    """
    _lock("SELECT pg_advisory_xact_lock_shared(:number)")


def lock_for_placing() -> None:
    """Wait until nobody is destroying anything, and let nobody begin before the commit.

    Who also locks a case or writes to the log takes this lock first, then the case, then the log; so does who destroys.
    """
    _lock("SELECT pg_advisory_xact_lock(:number)")


def _lock(statement: str) -> None:
    if db.session().get_bind().dialect.name == "postgresql":
        db.session.execute(text(statement), {"number": POSTGRESQL_HOLDS_LOCK})


def find_by_submission(submission_id: UUID) -> LegalHold | None:
    """Return the hold a form placed."""
    return db.session.scalar(select(LegalHold).where(LegalHold.submission_id == submission_id))
