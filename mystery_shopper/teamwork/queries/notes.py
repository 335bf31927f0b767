"""Whom notes are for, and what a person is still to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.audience import people_who_may_see
from mystery_shopper.cases.models import Case, Note
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.teamwork.models import NoteMention
from mystery_shopper.teamwork.policy import Named, named_in

READING_SHOWN = 20


@dataclass(frozen=True)
class Reader:
    """Somebody a note is for. `read_at` None: they have not said that they read it."""

    user_id: UUID
    name: str
    read_at: datetime | None


@dataclass(frozen=True)
class ToRead:
    """A note for the person who looks at their desk."""

    reference: str
    by: str
    at: datetime


def readers_of(case: Case) -> Mapping[UUID, list[Reader]]:
    """Return whom the notes of a case are for, by note."""
    rows = db.session.execute(
        select(NoteMention, User.name)
        .join(User, User.id == NoteMention.user_id)
        .where(NoteMention.case_id == case.id)
        .order_by(User.name)
    )
    found: dict[UUID, list[Reader]] = {}
    for row, name in rows:
        found.setdefault(row.note_id, []).append(Reader(row.user_id, name, row.read_at))
    return found


def people_to_mention(case: Case, author: StaffMember, today: date) -> Mapping[UUID, str]:
    """Return who can be named in a note by this person, by name: whoever else may see the case."""
    return {one.id: one.name for one in people_who_may_see(case, today) if one.id != author.id}


def find_named(case: Case, text: str, author: StaffMember, today: date) -> Named:
    """Return whom the text of a note names with @ among those who may see the case."""
    return named_in(text, people_to_mention(case, author, today))


def notes_to_read(user: StaffMember) -> list[ToRead]:
    """Return the notes a person is still to read on cases they may see, newest first; at most READING_SHOWN."""
    rows = db.session.execute(
        select(Case.reference, User.name, NoteMention.mentioned_at)
        .join(NoteMention, NoteMention.case_id == Case.id)
        .join(Note, Note.id == NoteMention.note_id)
        .join(User, User.id == Note.author_id)
        .where(NoteMention.user_id == user.id, NoteMention.read_at.is_(None), visible_to(user))
        .order_by(NoteMention.mentioned_at.desc(), NoteMention.note_id)
        .limit(READING_SHOWN)
    )
    return [ToRead(*row) for row in rows]
