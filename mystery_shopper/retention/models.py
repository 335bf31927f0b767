"""Tables of batches: what was proposed to be destroyed, by whom, who agreed, and the certificate."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.retention.states import BatchState, ItemState, RecordType


class RetentionBatch(Model):
    """Records of one class that go together. The one who proposed it cannot be the one who approves it.

    `certificate` is what remains to show: counts, days, schedule, reviewers, digest of the ids; never content.
    """

    __tablename__ = "retention_batches"
    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_reviewers"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
        CheckConstraint("state NOT IN ('approved', 'done') OR approved_at IS NOT NULL", name="approved_before_done"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="done_has_a_moment"),
        CheckConstraint("(state = 'done') = (certificate IS NOT NULL)", name="done_has_a_certificate"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    class_id: Mapped[str] = mapped_column(String(40))
    schedule_version: Mapped[str] = mapped_column(String(40))
    due_until: Mapped[date]
    state: Mapped[BatchState] = mapped_column(default=BatchState.PROPOSED, index=True)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    finished_at: Mapped[datetime | None]
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)


class RetentionItem(Model):
    """One record in a batch, and what became of it. `record_id` is its id in the table of its type.

    No foreign key: the records of a batch are of several tables, and the rows of all of them stay.
    """

    __tablename__ = "retention_items"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (done_at IS NULL)", name="done_has_a_moment"),
        Index("ix_retention_items_batch_state", "batch_id", "state"),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("retention_batches.id"), primary_key=True)
    record_type: Mapped[RecordType]
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    state: Mapped[ItemState] = mapped_column(default=ItemState.WAITING)
    done_at: Mapped[datetime | None]
