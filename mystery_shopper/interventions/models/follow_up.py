"""Looking again after a case was closed: did the practice change?"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.interventions.states import Practice


class CaseFollowUp(Model):
    """Something to look at again some months after a case was closed, by its owner or whoever takes it.

    `asked_on` is the day its reporters were asked through their receipts. `result` says what came of it, and is empty
    while nobody has looked; what was seen is sealed under the case's data key.
    """

    __tablename__ = "case_follow_ups"
    __table_args__ = (
        CheckConstraint("(result IS NULL) = (done_on IS NULL)", name="result_has_a_day"),
        CheckConstraint("(result IS NULL) = (done_by IS NULL)", name="result_has_a_person"),
        Index("ix_case_follow_ups_due", "due_on", "result"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    planned_at: Mapped[datetime]
    due_on: Mapped[date]
    asked_on: Mapped[date | None]
    result: Mapped[Practice | None]
    done_on: Mapped[date | None]
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def note(self, key: DataKey) -> str:
        """Return what was seen, empty where nobody wrote anything."""
        if self.note_sealed is None:
            return ""
        return unseal(key, self.note_sealed, f"case_follow_ups.note:{self.id}")
