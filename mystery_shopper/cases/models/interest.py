"""Interests of members of staff, and the digests by which one in a supplier meets the reports it stands against.

Only keyed digests of names are compared: neither table holds a name, and neither can be read without the key file.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.authorities.models import Authority
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json

DIGEST_BYTES = 16


class InterestKind(StrEnum):
    """What an interest is in: every case of an authority, every report of a supplier, or one case only."""

    AUTHORITY = "authority"
    SUPPLIER = "supplier"
    CASE = "case"


@dataclass(frozen=True, kw_only=True)
class InterestContent:
    """The words of an interest: what it is, and of a supplier its name and company number."""

    words: str
    supplier: str = ""
    company_number: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the content as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "InterestContent":
        """Return the content a sealed record holds."""
        return cls(words=value["words"], supplier=value["supplier"], company_number=value["company_number"])


class Interest(Model):
    """Something for which a person may not work on some cases. It is never deleted.

    `blocks_until` is the last day on which it stands against a case, empty while it has no end: it goes on for a
    while after `ends_on`. `withdrawn_at` is set when a senior caseworker found that it was entered by mistake.
    """

    __tablename__ = "interests"
    __table_args__ = (
        CheckConstraint("(kind = 'authority') = (authority_id IS NOT NULL)", name="authority_is_named"),
        CheckConstraint("(kind = 'case') = (case_id IS NOT NULL)", name="case_is_named"),
        CheckConstraint("(ends_on IS NULL) = (blocks_until IS NULL)", name="ends_for_both"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[InterestKind]
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authorities.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    blocks_until: Mapped[date | None] = mapped_column(index=True)
    declared_at: Mapped[datetime]
    declared_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    withdrawal_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    authority: Mapped[Authority | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}

    @property
    def content(self) -> InterestContent:
        """Return the words of the interest."""
        raw = unseal_json(self.data_key, self.content_sealed, f"interests.content:{self.id}")
        return InterestContent.from_json(raw)

    @property
    def withdrawal(self) -> str:
        """Return why the interest was found to be a mistake, empty when it stands."""
        if self.withdrawal_sealed is None:
            return ""
        return unseal(self.data_key, self.withdrawal_sealed, f"interests.withdrawal:{self.id}")


class InterestMark(Model):
    """A keyed digest of a name, or of a company number, of the supplier an interest is in."""

    __tablename__ = "interest_marks"

    interest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interests.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), primary_key=True, index=True)


class SupplierMark(Model):
    """A keyed digest of a name, or of the company number, of whoever sent a report or is behind it."""

    __tablename__ = "supplier_marks"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), primary_key=True, index=True)
