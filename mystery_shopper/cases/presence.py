"""Who else has a case open: a hint as of when the page was drawn, kept for minutes and never part of the record."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import User
from mystery_shopper.cases.models import CasePresence
from mystery_shopper.core.db import db

WRITE_EVERY = timedelta(minutes=1)
STILL_HERE = timedelta(minutes=10)
"""Longer than it takes to write a note, shorter than a forgotten tab."""


def note_presence(session: Session, case_id: UUID, user_id: UUID, *, now: datetime) -> Sequence[str]:
    """Note that a person opened a page of a case, at most once a minute, and return who else has it open, by name.

    Nobody is told of a case they may not see: whoever calls has opened the case by the rule of who may.
    """
    rows = session.execute(
        select(CasePresence.user_id, CasePresence.seen_at, User.name)
        .join(User, User.id == CasePresence.user_id)
        .where(CasePresence.case_id == case_id, CasePresence.seen_at > now - STILL_HERE)
        .order_by(User.name)
    ).all()
    own = next((seen_at for seen, seen_at, _ in rows if seen == user_id), None)
    if own is None or now - own >= WRITE_EVERY or own > now:
        _write(session, case_id, user_id, now)
    return [name for seen, _, name in rows if seen != user_id]


def _write(session: Session, case_id: UUID, user_id: UUID, now: datetime) -> None:
    """Two pages of one person may be opened at once: the later one wins, neither fails."""
    values = {"case_id": case_id, "user_id": user_id, "seen_at": now}
    keys, new = ["case_id", "user_id"], {"seen_at": now}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite.insert(CasePresence).values(values).on_conflict_do_update(index_elements=keys, set_=new))
    else:
        session.execute(
            postgresql.insert(CasePresence).values(values).on_conflict_do_update(index_elements=keys, set_=new)
        )


def forget_presences(now: datetime) -> None:
    """Delete what is too old to say anything."""
    db.session.execute(delete(CasePresence).where(CasePresence.seen_at <= now - STILL_HERE))
