"""One thing done towards the authority, and its answer."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.accounts.models import User
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.interventions.policy import InterventionKind

__all__ = ["Intervention", "InterventionKind"]


class Intervention(Model):
    """A call, letter, meeting or notice. What was said is sealed under the case's data key.

    `response_due_on` is the last day for the authority's answer, None when none was asked for.
    """

    __tablename__ = "interventions"
    __table_args__ = (
        CheckConstraint("response_due_on IS NULL OR response_due_on >= made_on", name="due_not_before_made"),
        CheckConstraint(
            "response_received_on IS NULL OR response_received_on >= made_on", name="answered_not_before_made"
        ),
        Index("ix_interventions_case_made", "case_id", "made_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    kind: Mapped[InterventionKind]
    made_on: Mapped[date]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
    response_due_on: Mapped[date | None]
    response_received_on: Mapped[date | None]
    summary_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    response_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    maker: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    def summary(self, key: DataKey) -> str:
        """Return what was said or asked."""
        return unseal(key, self.summary_sealed, f"interventions.summary:{self.id}")

    def response(self, key: DataKey) -> str:
        """Return what the authority answered, empty before it did."""
        if self.response_sealed is None:
            return ""
        return unseal(key, self.response_sealed, f"interventions.response:{self.id}")
