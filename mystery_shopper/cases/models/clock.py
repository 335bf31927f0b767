"""Pauses: when the clock of a case stood still, for whom and why."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.cases.pauses import Pause, PauseKind
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal


class CasePause(Model):
    """A pause: from `started_on` up to and without `ended_on`. At most one lasts for a case at a time.

    `look_again_on` is the day the case comes back to the desk although nothing happened.
    """

    __tablename__ = "case_pauses"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_it_starts"),
        Index(
            "uq_case_pauses_lasting",
            "case_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[PauseKind]
    started_on: Mapped[date]
    look_again_on: Mapped[date]
    ended_on: Mapped[date | None]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def to_pause(self) -> Pause:
        """Return the pause as the clocks count it."""
        return Pause(self.kind, self.started_on, self.look_again_on, self.ended_on)

    def reason(self, key: DataKey) -> str:
        """Return why the clock stands still."""
        return unseal(key, self.reason_sealed, f"case_pauses.reason:{self.id}")
