"""A report that is being written."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey


class Draft(Model):
    """The answers of a report before it is sent, with its receipt code, sealed together under a key of its own.

    `code_mac` is the keyed digest of the code, so that the draft can be found by it. Once submitted, the row keeps its
    id and the report it became, and nothing else: the key is erased.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        CheckConstraint("submitted_report_id IS NULL OR content_sealed IS NULL", name="submitted_keeps_no_content"),
        CheckConstraint("(content_sealed IS NULL) = (code_mac IS NULL)", name="content_has_a_code"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    data_key_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created_on: Mapped[date]
    updated_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    submitted_report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"))

    data_key: Mapped[DataKey | None] = relationship(lazy="joined")

    @property
    def is_submitted(self) -> bool:
        """Tell whether the draft has become a report."""
        return self.submitted_report_id is not None
