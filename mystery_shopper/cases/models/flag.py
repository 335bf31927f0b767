"""Flags: what each rule said of the facts of a case, and what a caseworker made of it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json


class FlagDecision(StrEnum):
    """What a person decided about a flag."""

    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    OVERRULED = "overruled"


class Flag(Model):
    """The result of one rule at one version. `result_sealed` is the whole result in the rules' JSON form.

    A flag that a person decided stays when only the rule changes; `rule_now_*` then hold what the rule says now:
    its version, its outcome and its severity. They are empty on every other flag.
    """

    __tablename__ = "flags"
    __table_args__ = (
        CheckConstraint("(decision = 'undecided') = (decided_at IS NULL)", name="decided_has_a_moment"),
        CheckConstraint("rule_now_outcome IS NULL OR decision <> 'undecided'", name="only_a_decision_is_kept"),
        Index("ix_flags_case_current", "case_id", "is_current"),
        Index("ix_flags_rule_outcome", "rule_id", "outcome", "is_current", "decision"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    rule_id: Mapped[str] = mapped_column(String(60))
    rule_version: Mapped[str] = mapped_column(String(40))
    catalogue_version: Mapped[str] = mapped_column(String(80))
    regime: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    severity: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    evaluated_at: Mapped[datetime]
    decision: Mapped[FlagDecision] = mapped_column(default=FlagDecision.UNDECIDED)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    result_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    rule_now_version: Mapped[str | None] = mapped_column(String(40))
    rule_now_outcome: Mapped[str | None] = mapped_column(String(20))
    rule_now_severity: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def result_json(self, key: DataKey) -> Any:
        """Return the rule's result: inputs, thresholds, missing facts, explanation, sources."""
        return unseal_json(key, self.result_sealed, f"flags.result:{self.id}")

    def reason(self, key: DataKey) -> str:
        """Return why the flag was confirmed or overruled, empty while undecided."""
        if self.reason_sealed is None:
            return ""
        return unseal(key, self.reason_sealed, f"flags.reason:{self.id}")
