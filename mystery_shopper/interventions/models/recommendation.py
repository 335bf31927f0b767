"""The recommendation ledger: made, answered, carried out."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json


class Answer(StrEnum):
    """What the authority said to a recommendation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"
    SILENT = "silent"


class Implemented(StrEnum):
    """Whether the authority did it, found when it was checked."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True)
class NoticeEvidence:
    """Two frozen copies of a notice: the one before the recommendation, and the one that shows what was done."""

    notice_id: uuid.UUID
    before_id: uuid.UUID
    after_id: uuid.UUID

    def to_json(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> "NoticeEvidence":
        """Read it as it is stored."""
        return cls(**{name: uuid.UUID(value) for name, value in stored.items()})


class Recommendation(Model):
    """One thing the authority was advised to do. Its words are sealed under the case's data key.

    `rule_id` names the rule it is about, None for a general one. `check_on` is the day to look whether it was done.
    `evidence_sealed` names the frozen copies of a notice that show it: a notice would tell what the case is about.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answer_has_a_day"),
        CheckConstraint("(implemented IS NULL) = (checked_on IS NULL)", name="check_has_a_day"),
        Index("ix_recommendations_case_made", "case_id", "made_on"),
        Index("ix_recommendations_check", "check_on", "implemented"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    rule_id: Mapped[str | None] = mapped_column(String(60))
    made_on: Mapped[date]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
    answer: Mapped[Answer | None]
    answered_on: Mapped[date | None]
    check_on: Mapped[date | None]
    implemented: Mapped[Implemented | None]
    checked_on: Mapped[date | None]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    answer_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    check_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    addressee_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    evidence_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Tell whether the authority has still to answer."""
        return self.answer is None

    def text(self, key: DataKey) -> str:
        """Return what was recommended."""
        return unseal(key, self.text_sealed, f"recommendations.text:{self.id}")

    def answer_reason(self, key: DataKey) -> str:
        """Return the reason the authority gave, empty when none."""
        return _open(key, self.answer_reason_sealed, f"recommendations.answer_reason:{self.id}")

    def check_note(self, key: DataKey) -> str:
        """Return what was found when it was checked, empty before."""
        return _open(key, self.check_note_sealed, f"recommendations.check_note:{self.id}")

    def addressee(self, key: DataKey) -> str:
        """Return whom it was made to, empty where nobody said: then to the authority of the case."""
        return _open(key, self.addressee_sealed, f"recommendations.addressee:{self.id}")

    def evidence(self, key: DataKey) -> NoticeEvidence | None:
        """Return the frozen copies that show what was done, None when there are none."""
        if self.evidence_sealed is None:
            return None
        return NoticeEvidence.from_json(unseal_json(key, self.evidence_sealed, f"recommendations.evidence:{self.id}"))


def _open(key: DataKey, blob: bytes | None, context: str) -> str:
    return "" if blob is None else unseal(key, blob, context)
