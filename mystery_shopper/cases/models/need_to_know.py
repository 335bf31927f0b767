"""Who may not see a case for all their roles, who said that they have no interest in it, who saw it all the same."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id


class CaseRecusal(Model):
    """An interest stands between a person and a case: for them the case does not exist.

    The rows follow from the interests in force and are kept by `interests.services` alone, so that every list can leave
    out what they name with one look into an index. Two interests may stand between the same two.
    """

    __tablename__ = "case_recusals"
    __table_args__ = (Index("ix_case_recusals_case_id", "case_id"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    interest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)


class CaseDeclaration(Model):
    """A person said that they have no interest in a case and in its authority, which was `authority_id` then."""

    __tablename__ = "case_declarations"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authorities.id"))
    declared_at: Mapped[datetime]


class EmergencyAccess(Model):
    """A person opened a case in an emergency past the rule of who may see it. `reason_sealed`: under the case's key."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (CheckConstraint("until > opened_at", name="ends_after_it_starts"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime]
    given_back_at: Mapped[datetime | None]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
