"""The table of looks at who reported."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id

REASON_MAX = 40


class IdentityReveal(Model):
    """Who opened the identity behind a report, on which case, until when. `words_sealed`: under the case's data key."""

    __tablename__ = "identity_reveals"
    __table_args__ = (
        CheckConstraint("closes_at >= revealed_at", name="ends_after_it_starts"),
        Index("ix_identity_reveals_report_user", "report_id", "user_id", "closes_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(REASON_MAX))
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    revealed_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
