"""What an authority is asked in one intervention, who may answer, and what came from them. Texts are sealed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.answering.policy import Contact, Person
from mystery_shopper.answering.states import Decision, RequestKind
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.interventions.models import Intervention

DIGEST_BYTES = 32


class Inquiry(Model):
    """What the authority is asked in one intervention, by one form that several officers fill in together.

    `reference` is random and the only number the authority sees. `entry_sealed` is the text we want to publish, once it
    was offered for a reply. `saved_at` is when the draft was last saved; after `sent_at` nothing of it changes.
    """

    __tablename__ = "inquiries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    intervention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interventions.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    contact_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    entry_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    intervention: Mapped[Intervention] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    def contact(self, key: DataKey) -> Contact:
        """Return whom the officer can turn to."""
        return Contact(**unseal_json(key, self.contact_sealed, f"inquiries.contact:{self.id}"))

    def entry(self, key: DataKey) -> str:
        """Return the text that was offered for a reply, empty when none was."""
        return "" if self.entry_sealed is None else unseal(key, self.entry_sealed, f"inquiries.entry:{self.id}")


class InquiryQuestion(Model):
    """One question, the rule it rests on, and the answer as it stands in the draft."""

    __tablename__ = "inquiry_questions"
    __table_args__ = (Index("uq_inquiry_questions_place", "inquiry_id", "position", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    inquiry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inquiries.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    position: Mapped[int]
    rule_id: Mapped[str] = mapped_column(String(40), default="")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def text(self, key: DataKey) -> str:
        """Return what is asked."""
        return unseal(key, self.text_sealed, f"inquiry_questions.text:{self.id}")

    def answer(self, key: DataKey) -> str:
        """Return the answer as it was last saved, empty before."""
        if self.answer_sealed is None:
            return ""
        return unseal(key, self.answer_sealed, f"inquiry_questions.answer:{self.id}")


class InquiryOfficer(Model):
    """Somebody of the authority who may open an inquiry with a link and a code. They have no account.

    `issue` counts the links; `session_hash` is the one page that is open now.
    """

    __tablename__ = "inquiry_officers"
    __table_args__ = (
        CheckConstraint("(token_hash IS NULL) = (code_mac IS NULL)", name="link_has_a_code"),
        CheckConstraint("session_hash IS NULL OR token_hash IS NOT NULL", name="open_page_has_a_link"),
        CheckConstraint("revoked_at IS NULL OR token_hash IS NULL", name="revoked_has_no_link"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    inquiry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inquiries.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    person_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    issue: Mapped[int]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES), unique=True)
    code_mac: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES))
    invited_at: Mapped[datetime]
    expires_on: Mapped[date]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    session_hash: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES), unique=True)
    session_began_at: Mapped[datetime | None]
    session_seen_at: Mapped[datetime | None]

    inquiry: Mapped[Inquiry] = relationship(lazy="raise_on_sql")

    def person(self, key: DataKey) -> Person:
        """Return who it is."""
        return Person(**unseal_json(key, self.person_sealed, f"inquiry_officers.person:{self.id}"))


class InquiryRequest(Model):
    """Something that came from the authority and waits for a caseworker, and what became of it."""

    __tablename__ = "inquiry_requests"
    __table_args__ = (
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_a_person"),
        Index("ix_inquiry_requests_waiting", "decision", "case_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    inquiry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inquiries.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inquiry_officers.id"))
    kind: Mapped[RequestKind]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    decision: Mapped[Decision | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reply_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def content(self, key: DataKey) -> dict[str, Any]:
        """Return what was written: `text`, and with it `until` (a day) or the `person` named and `takes_over`."""
        value: dict[str, Any] = unseal_json(key, self.content_sealed, f"inquiry_requests.content:{self.id}")
        return value

    def reply(self, key: DataKey) -> str:
        """Return what we wrote back, empty when nothing."""
        return "" if self.reply_sealed is None else unseal(key, self.reply_sealed, f"inquiry_requests.reply:{self.id}")
