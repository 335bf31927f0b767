"""Facts of a case: typed values with where they came from."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json

IN_FORCE: dict[str, Any] = {
    "sqlite_where": text("is_current = 1 AND is_confirmed = 1"),
    "postgresql_where": text("is_current AND is_confirmed"),
}
"""The rows the list of cases looks for by fact, as each database writes the same condition in a query."""


class FactSource(StrEnum):
    """Where a fact came from."""

    TYPED = "typed"
    EXTRACTED = "extracted"
    NOTICE = "notice"
    STAFF = "staff"
    REGISTER = "register"


class CaseFact(Model):
    """One statement of a fact. The newest row of a fact is in force; older rows stay as the record.

    `value_sealed` holds the JSON form of the facts registry, `quoted_sealed` the words it was read from,
    both under the case's data key.
    """

    __tablename__ = "case_facts"
    __table_args__ = (
        Index("ix_case_facts_current", "case_id", "is_current"),
        Index("ix_case_facts_in_force", "fact_id", "case_id", **IN_FORCE),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    fact_id: Mapped[str] = mapped_column(String(60))
    source: Mapped[FactSource]
    is_confirmed: Mapped[bool]
    is_current: Mapped[bool] = mapped_column(default=True)
    actor: Mapped[str] = mapped_column(String(60))
    stated_at: Mapped[datetime]
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    quoted_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def value_json(self, key: DataKey) -> Any:
        """Return the value as the facts registry writes it."""
        return unseal_json(key, self.value_sealed, f"case_facts.value:{self.id}")

    def quoted(self, key: DataKey) -> str:
        """Return the words the value was read from, empty when there are none."""
        if self.quoted_sealed is None:
            return ""
        return unseal(key, self.quoted_sealed, f"case_facts.quoted:{self.id}")
