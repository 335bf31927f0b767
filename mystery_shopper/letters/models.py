"""A letter on its way to an authority, and every text it had. What was written is sealed under the key of the case."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.letters.policy import LetterText, reference_of
from mystery_shopper.letters.states import LetterState

_NOBODY_DECIDES_ALONE = "approver_id IS NULL OR (approver_id <> author_id AND approver_id <> started_by_id)"


class AuthorityLetter(Model):
    """A letter from its first draft to the day it went. `number` is the version in force.

    `started_by_id` and `author_id` wrote it first and last; the versions name everybody. `not_before` holds an approved
    letter back until a day. Letters that went together have one `batch_id`.
    """

    __tablename__ = "authority_letters"
    __table_args__ = (
        CheckConstraint(_NOBODY_DECIDES_ALONE, name="second_person"),
        CheckConstraint("state NOT IN ('approved', 'sent') OR approver_id IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("(state = 'sent') = (intervention_id IS NOT NULL)", name="sent_is_recorded"),
        Index("ix_authority_letters_state_changed", "state", "changed_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[LetterState] = mapped_column(default=LetterState.DRAFT)
    number: Mapped[int] = mapped_column(default=1)
    started_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    approver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]
    not_before: Mapped[date | None]
    batch_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    intervention_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("interventions.id"), unique=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """Return what the letter is called, inside and outside."""
        return reference_of(self.submission_id)


class LetterVersion(Model):
    """One text of a letter: who wrote it, and what the second person said of it. Its words never change."""

    __tablename__ = "authority_letter_versions"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> written_by_id", name="second_person"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("(decided_by_id IS NULL) = (is_approved IS NULL)", name="decided_one_way"),
        Index("uq_authority_letter_versions_number", "letter_id", "number", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority_letters.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    is_approved: Mapped[bool | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def content(self, key: DataKey) -> LetterText:
        """Return what was written."""
        return LetterText.from_json(unseal_json(key, self.content_sealed, content_context(self.id)))

    def note(self, key: DataKey) -> str:
        """Return why it was sent back, empty when it was not."""
        return "" if self.note_sealed is None else unseal(key, self.note_sealed, note_context(self.id))


def content_context(version_id: uuid.UUID) -> str:
    """Return what the words of a version are sealed for."""
    return f"authority_letter_versions.content:{version_id}"


def note_context(version_id: uuid.UUID) -> str:
    """Return what the note to a version is sealed for."""
    return f"authority_letter_versions.note:{version_id}"
