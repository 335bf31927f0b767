"""Escalations: which date of which case was put before a senior, once."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model


class CaseEscalation(Model):
    """A date that passed and was put before somebody. It stands as long as the case is due on that very date."""

    __tablename__ = "case_escalations"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    due_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    escalated_at: Mapped[datetime]
