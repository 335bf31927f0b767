"""Which cases were joined, and where each report has been."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.cases.models.case import Case
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import unseal_json

STANDING = text("undone_at IS NULL")


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Ids (as text) of what a join took along; `in_force` are the facts and flags that were in force before it."""

    reports: tuple[str, ...]
    facts: tuple[str, ...]
    facts_in_force: tuple[str, ...]
    flags_in_force: tuple[str, ...]

    def to_json(self) -> dict[str, tuple[str, ...]]:
        """Return the ids as JSON values."""
        return asdict(self)


class CaseJoin(Model):
    """One case was joined to another. `carried_sealed` lists what moved, under the joined case's data key.

    It stands until it is undone; a case can be joined to one other only (the partial index has the last word).
    """

    __tablename__ = "case_joins"
    __table_args__ = (
        CheckConstraint("kept_id <> joined_id", name="two_cases"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index("uq_case_joins_standing", "joined_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kept_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    joined_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    joined_at: Mapped[datetime]
    joined_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    state_before: Mapped[CaseState]
    step_due_before: Mapped[date | None]
    carried_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    kept: Mapped[Case] = relationship(foreign_keys=[kept_id], lazy="joined", innerjoin=True)
    joined: Mapped[Case] = relationship(foreign_keys=[joined_id], lazy="joined", innerjoin=True)

    @property
    def carried(self) -> Carried:
        """Return what moved."""
        ids = unseal_json(self.joined.data_key, self.carried_sealed, f"case_joins.carried:{self.id}")
        return Carried(**{name: tuple(values) for name, values in ids.items()})


class ReportStay(Model):
    """A report was in a case from one event to another (sequence numbers; `until_sequence` empty: it still is).

    Only reports that were moved have stays. They decide which events of which case a reporter may know of.
    """

    __tablename__ = "report_stays"
    __table_args__ = (Index("ix_report_stays_report", "report_id", "since_sequence"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    since_sequence: Mapped[int] = mapped_column(Integer)
    until_sequence: Mapped[int | None] = mapped_column(Integer)
