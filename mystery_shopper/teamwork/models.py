"""Tables of working together. Free text is sealed under the case's data key; a label is a word of a kept list."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.teamwork.states import Colour, TaskState

LABEL_MAX = 40
ITEM_MAX = 60


class CaseTask(Model):
    """Something to be done on a case by a day. It stays with the case it was put down on, also when that is joined.

    `assignee_id` is empty for one that anybody may take. `reason_sealed` says why it was settled or opened again.
    """

    __tablename__ = "case_tasks"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_moment"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"),
        Index("ix_case_tasks_case_state", "case_id", "state", "due_on"),
        Index("ix_case_tasks_assignee_state", "assignee_id", "state", "due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date]
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def title(self, key: DataKey) -> str:
        """Return what is to be done."""
        return unseal(key, self.title_sealed, f"case_tasks.title:{self.id}")

    def reason(self, key: DataKey) -> str:
        """Return why it was settled or opened again; empty when nobody said."""
        return unseal(key, self.reason_sealed, f"case_tasks.reason:{self.id}") if self.reason_sealed else ""


class Label(Model):
    """A word seniors keep for marking cases. One that was retired stays on the cases that have it."""

    __tablename__ = "labels"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(LABEL_MAX))
    folded: Mapped[str] = mapped_column(String(LABEL_MAX * 3), unique=True)
    colour: Mapped[Colour]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class CaseLabel(Model):
    """A label on a case."""

    __tablename__ = "case_labels"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    label_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("labels.id"), primary_key=True, index=True)
    put_at: Mapped[datetime]
    put_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))


class CaseWatch(Model):
    """A person wants to hear of changes of a case. `seen_sequence` is the last event they have looked past."""

    __tablename__ = "case_watches"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime]
    seen_sequence: Mapped[int] = mapped_column(Integer)


class NoteMention(Model):
    """A note is for a person to read; `read_at` is empty until they say that they have."""

    __tablename__ = "note_mentions"
    __table_args__ = (Index("ix_note_mentions_user_read", "user_id", "read_at"),)

    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    mentioned_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class ChecklistTick(Model):
    """A point of a checklist that is ticked on a case now; the events say who did and undid it before."""

    __tablename__ = "checklist_ticks"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    checklist: Mapped[str] = mapped_column(String(ITEM_MAX), primary_key=True)
    item: Mapped[str] = mapped_column(String(ITEM_MAX), primary_key=True)
    ticked_at: Mapped[datetime]
    ticked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))


class MailChoice(Model):
    """What a person wants to hear of by mail. Who has no row gets the usual."""

    __tablename__ = "mail_choices"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    mentions: Mapped[bool]
    tasks: Mapped[bool]
    watched: Mapped[bool]
