"""What came of a case, in a form that can be audited. Upheld and positive are two different things."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.interventions.policy import OutcomeCode, Upheld

__all__ = ["Outcome", "OutcomeCode", "Upheld"]


class Outcome(Model):
    """One statement of the outcome; a correction adds another and keeps this one on record.

    A positive outcome rests on a fact of the registry: `basis_fact_id`, with its value before and after
    (JSON of the registry, sealed under the case's data key). `money_freed_pence` is what was paid because of us.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        CheckConstraint("positive = false OR basis_fact_id IS NOT NULL", name="positive_rests_on_a_fact"),
        CheckConstraint("(basis_fact_id IS NULL) = (after_sealed IS NULL)", name="basis_has_a_value"),
        CheckConstraint("money_freed_pence >= 0", name="money_not_negative"),
        Index(
            "uq_outcomes_current",
            "case_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_outcomes_case", "case_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    is_current: Mapped[bool] = mapped_column(default=True)
    code: Mapped[OutcomeCode]
    upheld: Mapped[Upheld]
    positive: Mapped[bool]
    basis_fact_id: Mapped[str | None] = mapped_column(String(60))
    money_freed_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    reached_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    before_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    after_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    summary_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def summary(self, key: DataKey) -> str:
        """Return the outcome in words."""
        return unseal(key, self.summary_sealed, f"outcomes.summary:{self.id}")

    def before_json(self, key: DataKey) -> Any:
        """Return the value of the basis fact before, None when it was not known."""
        return _open(key, self.before_sealed, f"outcomes.before:{self.id}")

    def after_json(self, key: DataKey) -> Any:
        """Return the value of the basis fact after, None for an outcome without one."""
        return _open(key, self.after_sealed, f"outcomes.after:{self.id}")


def _open(key: DataKey, blob: bytes | None, context: str) -> Any:
    return None if blob is None else unseal_json(key, blob, context)
