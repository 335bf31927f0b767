"""Keyed marks by which similar reports find each other, what staff made of pairs of cases, and of repeat patterns."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import unseal

STANDING = text("undone_at IS NULL")


class MarkKind(StrEnum):
    """What a mark was made of."""

    NOTICE = "notice"
    TEXT_BAND = "text-band"


class ReportMark(Model):
    """A keyed digest of something of a report. Two reports with the same mark may be about the same thing.

    The mark tells nothing without the key file but that it is equal to another (docs/decisions/0013).
    """

    __tablename__ = "report_marks"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(12), primary_key=True, index=True)
    kind: Mapped[MarkKind]


class RelationKind(StrEnum):
    """What staff said of two cases."""

    LINKED = "linked"
    NOT_SIMILAR = "not-similar"


class CaseRelation(Model):
    """Two cases that have to do with each other, or were suggested and have not. It stands until it is undone.

    `case` is the one of the two that came first; the reason is sealed under its data key.
    """

    __tablename__ = "case_relations"
    __table_args__ = (
        CheckConstraint("case_id <> other_id", name="two_cases"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index(
            "uq_case_relations_standing",
            "case_id",
            "other_id",
            "kind",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[RelationKind]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    case: Mapped[Case] = relationship(foreign_keys=[case_id], lazy="joined", innerjoin=True)
    other: Mapped[Case] = relationship(foreign_keys=[other_id], lazy="joined", innerjoin=True)

    @property
    def reason(self) -> str:
        """Return why."""
        return unseal(self.case.data_key, self.reason_sealed, f"case_relations.reason:{self.id}")

    def partner_of(self, case: Case) -> Case:
        """Return the other of the two cases."""
        return self.other if case.id == self.case_id else self.case


class PatternAnswer(StrEnum):
    """What a senior caseworker made of a repeat pattern."""

    REFERRED = "referred"
    DISMISSED = "dismissed"


class PatternDecision(Model):
    """The answer to one repeat pattern. Outcomes recorded after `decided_at` can make the pattern again.

    The reason is sealed under the data key of the case from whose page it was decided.
    """

    __tablename__ = "pattern_decisions"
    __table_args__ = (Index("ix_pattern_decisions_pattern", "authority_id", "rule_id", "decided_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authorities.id"))
    rule_id: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    answer: Mapped[PatternAnswer]
    upheld_cases: Mapped[int]
    decided_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    authority: Mapped[Authority] = relationship(lazy="joined", innerjoin=True)

    @property
    def reason(self) -> str:
        """Return why."""
        return unseal(self.case.data_key, self.reason_sealed, f"pattern_decisions.reason:{self.id}")
