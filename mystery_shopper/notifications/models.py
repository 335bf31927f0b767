"""The outbox: what is to be sent. It holds no address and no text, only whom it is for and which letter."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id


class Letter(StrEnum):
    """Which fixed text is sent."""

    REPORTER_UPDATE = "reporter-update"
    CASE_ASSIGNED = "case-assigned"
    REPORTER_WROTE = "reporter-wrote"
    ANSWER_OVERDUE = "answer-overdue"
    COMMISSIONER_WROTE = "commissioner-wrote"
    NEEDS_YOU = "needs-you"
    ACCESS_ALERT = "access-alert"
    DESK_NEWS = "desk-news"
    ACCOUNT_INVITED = "account-invited"
    ACCOUNT_RENEWED = "account-renewed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a letter
    SECOND_FACTOR_CHANGED = "second-factor-changed"
    ROLES_CHANGED = "roles-changed"
    HAND_OVER = "hand-over"
    ANSWER_INVITED = "answer-invited"
    ANSWER_UPDATE = "answer-update"


TO_OFFICERS = frozenset({Letter.ANSWER_INVITED, Letter.ANSWER_UPDATE})
"""Letters to officers of an authority that answers here."""
WITH_LINK = frozenset({Letter.ACCOUNT_INVITED, Letter.ACCOUNT_RENEWED}) | TO_OFFICERS
"""Letters that carry a link; it is made when they are sent and stands in no table."""


class OutboxMessage(Model):
    """One letter to one person: a reporter (through their report), a member of staff, or an officer of an authority."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN officer_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_recipient",
        ),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="sent_or_given_up"),
        Index("ix_outbox_messages_due", "sent_at", "given_up_at", "next_try_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    letter: Mapped[Letter]
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    officer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inquiry_officers.id"), index=True)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(100), default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
