"""Who has a case open: one row for a person and a case, kept for minutes."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model


class CasePresence(Model):
    """When a person last opened a page of a case. Written at most once a minute; old rows are swept daily."""

    __tablename__ = "case_presences"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
