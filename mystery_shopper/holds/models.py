"""The table of holds."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.holds.policy import HoldGround, HoldScope, Subject


class LegalHold(Model):
    """A hold stands until it is lifted: a review date that has passed lifts nothing.

    `subject_id` names a record or an authority by id, none for a hold on everything. The reasons are sealed under a
    key of the hold's own, so they outlive what was held.
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(scope = 'everything') = (subject_id IS NULL)", name="everything_has_no_subject"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason_sealed IS NULL)", name="lifted_for_a_reason"),
        Index("ix_legal_holds_subject", "scope", "subject_id", "lifted_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    scope: Mapped[HoldScope]
    subject_id: Mapped[uuid.UUID | None]
    ground: Mapped[HoldGround]
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    review_on: Mapped[date]
    reviewed_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    lift_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        """Return what is held."""
        return Subject(self.scope, self.subject_id)

    @property
    def reason(self) -> str:
        """Return why it was placed, and what each review added."""
        return unseal(self.data_key, self.reason_sealed, reason_context(self.id))

    @property
    def lift_reason(self) -> str:
        """Return why it was lifted, empty while it stands."""
        if self.lift_reason_sealed is None:
            return ""
        return unseal(self.data_key, self.lift_reason_sealed, lift_context(self.id))


def reason_context(hold_id: uuid.UUID) -> str:
    """Return what the reason of a hold is bound to."""
    return f"legal_holds.reason:{hold_id}"


def lift_context(hold_id: uuid.UUID) -> str:
    """Return what the reason for lifting a hold is bound to."""
    return f"legal_holds.lift_reason:{hold_id}"
