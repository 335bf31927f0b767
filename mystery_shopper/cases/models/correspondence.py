"""What staff and reporter write to each other, and what staff write for themselves."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal


class Direction(StrEnum):
    """Which way a message went."""

    TO_REPORTER = "to-reporter"
    FROM_REPORTER = "from-reporter"


class Message(Model):
    """A message through the receipt, sealed under the case's data key. It belongs to one report: walls stay up."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_report_sent", "report_id", "sent_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    direction: Mapped[Direction]
    author: Mapped[str] = mapped_column(String(60))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def body(self, key: DataKey) -> str:
        """Return the text."""
        return unseal(key, self.body_sealed, f"messages.body:{self.id}")


class Note(Model):
    """An internal note, never shown outside the team, sealed under the case's data key."""

    __tablename__ = "notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def body(self, key: DataKey) -> str:
        """Return the text."""
        return unseal(key, self.body_sealed, f"notes.body:{self.id}")
