"""What members of staff work on: the queues they take cases from, and what they can do."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model

NAME_MAX = 40


class StaffQueue(Model):
    """A queue a person takes cases from. Who has none takes cases from every queue."""

    __tablename__ = "staff_queues"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    queue: Mapped[str] = mapped_column(String(NAME_MAX), primary_key=True)


class StaffSkill(Model):
    """A skill of data/skills.csv that a person has."""

    __tablename__ = "staff_skills"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(NAME_MAX), primary_key=True)
