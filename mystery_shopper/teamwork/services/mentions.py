"""Writes of mentions: whom a note is for, and that they read it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Note
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.teamwork.events import ColleagueMentioned
from mystery_shopper.teamwork.models import NoteMention
from mystery_shopper.teamwork.queries.notes import people_to_mention
from mystery_shopper.teamwork.queries.whole import of_whole


def mention(case: Case, note: Note, user_ids: Collection[UUID], *, author: StaffMember, now: datetime) -> None:
    """Name colleagues who are to read a note. Whoever is named already is not named again.

    Raises:
        DomainError: somebody may not see the case.
    """
    if not user_ids:
        return
    people = people_to_mention(case, author, day_of(now))
    if not set(user_ids) <= set(people):
        raise DomainError("Select people who may see this case", field="readers")
    known = set(db.session.scalars(select(NoteMention.user_id).where(NoteMention.note_id == note.id)))
    new = sorted(set(user_ids) - known, key=lambda user_id: (people[user_id], str(user_id)))
    if not new:
        return
    db.session.add_all(
        NoteMention(note_id=note.id, user_id=user_id, case_id=case.id, mentioned_at=now) for user_id in new
    )
    db.session.flush()
    event = ColleagueMentioned(
        note_id=str(note.id),
        user_ids=tuple(str(user_id) for user_id in new),
        names=tuple(people[user_id] for user_id in new),
    )
    record(case, event, actor=author.actor, now=now)


def note_read(case: Case, reader: StaffMember, *, now: datetime) -> int:
    """Note that a person read the notes for them, of a case and of those joined to it. Safe to repeat.

    Returns:
        How many they had not read before.
    """
    rows = db.session.scalars(
        select(NoteMention).where(
            of_whole(NoteMention.case_id, case), NoteMention.user_id == reader.id, NoteMention.read_at.is_(None)
        )
    ).all()
    for row in rows:
        row.read_at = now
    db.session.flush()
    return len(rows)
