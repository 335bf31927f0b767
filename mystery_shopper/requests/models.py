"""Tables of requests for information and about personal data, and of data protection complaints."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.calendar import Span
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal_json
from mystery_shopper.requests.states import Decision, Requester, RequestKind, RequestState

WAITING = text("answered_on IS NULL")


class InfoRequest(Model):
    """A request for information, one about personal data, or a data protection complaint.

    `content_sealed`: who asks and for what, why it was extended, what was decided and why, under a key of its own. The
    ids of exemptions are plain. `about` says whose data it is about. The cases a restriction names are marked until
    `restriction_ended_on`. `erased_on`: words and packs were destroyed under the retention schedule.
    """

    __tablename__ = "info_requests"
    __table_args__ = (
        CheckConstraint("(kind IN ('foi', 'complaint')) = (about IS NULL)", name="personal_is_about_somebody"),
        CheckConstraint("acknowledged_on IS NULL OR acknowledge_by IS NOT NULL", name="acknowledged_was_to_be"),
        CheckConstraint("restriction_ended_on IS NULL OR kind = 'restriction'", name="only_a_restriction_ends"),
        CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name="decided_has_a_day"),
        CheckConstraint("state NOT IN ('answered', 'review') OR decision IS NOT NULL", name="answered_was_decided"),
        CheckConstraint("(state = 'review') = (review_due_on IS NOT NULL AND reviewed_on IS NULL)", name="review_runs"),
        CheckConstraint("kind NOT IN ('foi', 'complaint') OR is_extended = false", name="only_personal_is_extended"),
        Index("ix_info_requests_due", "state", "due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[RequestKind]
    about: Mapped[Requester | None]
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    received_on: Mapped[date]
    due_on: Mapped[date]
    acknowledge_by: Mapped[date | None]
    acknowledged_on: Mapped[date | None]
    is_extended: Mapped[bool] = mapped_column(default=False)
    identity_checked_on: Mapped[date | None]
    exemption_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    decision: Mapped[Decision | None]
    decided_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    restriction_ended_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def next_due_on(self) -> date:
        """Return the next day something is due: the acknowledgement, the answer, or the result of a review."""
        if self.review_due_on is not None and self.reviewed_on is None:
            return self.review_due_on
        waits = self.acknowledge_by if self.acknowledged_on is None else None
        return min(self.due_on, waits or self.due_on)

    @property
    def content(self) -> dict[str, str]:
        """Return the words: requester, contact, words, extension, reason, review, why a restriction ended.

        None are left once they were erased.
        """
        if self.erased_on is not None:
            return {}
        found: dict[str, str] = unseal_json(self.data_key, self.content_sealed, content_context(self.id))
        return found


class RequestPause(Model):
    """A time in which the requester was asked something. At most one is open."""

    __tablename__ = "request_pauses"
    __table_args__ = (
        CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name="answered_after_asked"),
        Index("uq_request_pauses_waiting", "request_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("info_requests.id"), index=True)
    asked_on: Mapped[date]
    answered_on: Mapped[date | None]

    def to_span(self) -> Span | None:
        """Return the days from asking up to the answer, None while there is none."""
        return None if self.answered_on is None else Span(self.asked_on, self.answered_on)


class RequestCase(Model):
    """A case that holds what is asked for. It is on hold from the moment it is named (`hold_id`)."""

    __tablename__ = "request_cases"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("info_requests.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    hold_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("legal_holds.id"))


class RequestPack(Model):
    """A pack that was built: kept as it was, sealed under the key of the request, with its hash and what is in it."""

    __tablename__ = "request_packs"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("info_requests.id"), index=True)
    built_at: Mapped[datetime]
    built_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    pack_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def content_context(request_id: uuid.UUID) -> str:
    """Return what the words of a request are bound to."""
    return f"info_requests.content:{request_id}"


def pack_context(pack_id: uuid.UUID) -> str:
    """Return what the bytes of a pack are bound to."""
    return f"request_packs.pack:{pack_id}"
