"""What reporters say of us and of the authority at the end, as numbers that name no case, no report and no day."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model

ANSWER_MAX = 20


class FeedbackQuestion(StrEnum):
    """What reporters are asked at the end."""

    SATISFIED = "satisfied"
    CHANGED = "changed"


class FeedbackTally(Model):
    """How many reporters gave an answer in a financial year (`year` is the one in which it began, on 6 April).

    Who answered what stands sealed in the events of the case; an answer that is changed leaves its tally and joins
    another. There is no row for a person, so nothing here can be traced to one.
    """

    __tablename__ = "feedback_tallies"
    __table_args__ = (CheckConstraint("count >= 0", name="count_not_negative"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[FeedbackQuestion] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(String(ANSWER_MAX), primary_key=True)
    count: Mapped[int]
