"""Words that caseworkers put on the list of what must not leave a case."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal


class GuardedWord(Model):
    """A word, a phrase or an amount, sealed under the data key of the case. One that was taken off stays on record."""

    __tablename__ = "guarded_words"
    __table_args__ = (
        CheckConstraint("(taken_off_at IS NULL) = (taken_off_by_id IS NULL)", name="taken_off_by_a_person"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    taken_off_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_off_at: Mapped[datetime | None]
    word_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def word(self, key: DataKey) -> str:
        """Return the word."""
        return unseal(key, self.word_sealed, word_context(self.id))


def word_context(word_id: uuid.UUID) -> str:
    """Return what a word is bound to."""
    return f"guarded_words.word:{word_id}"
