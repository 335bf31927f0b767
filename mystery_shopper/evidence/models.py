"""Files of a draft or a report, some with a message. Names and contents are sealed; the bytes lie in the store."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.evidence.policy import KINDS, CopyState, Kind, ScanState

NAME_LENGTH = 64
NOTE_LENGTH = 200


class EvidenceFile(Model):
    """One file under a data key of its own: erase the key, and original, copy, name and hash are gone.

    `content_mac` is the keyed digest of holder and content: it finds the same file sent twice to the same report, and
    tells nothing across reports. `inquiry_id` and `case_id`: the authority sent it with its answer. `message_id` is the
    message it came with; `to_reporter`: staff sent it, so it is no evidence. `added_on` is a day: no hour of a visit is
    kept.
    """

    __tablename__ = "evidence_files"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN draft_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN report_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN inquiry_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_holder",
        ),
        CheckConstraint("(inquiry_id IS NULL) = (case_id IS NULL)", name="inquiry_of_a_case"),
        CheckConstraint("NOT to_reporter OR message_id IS NOT NULL", name="staff_send_with_a_message"),
        CheckConstraint("NOT to_reporter OR released_at IS NULL", name="only_evidence_released"),
        CheckConstraint("(copy_name IS NULL) = (copy_size IS NULL)", name="copy_has_a_size"),
        CheckConstraint("text_sealed IS NULL OR copy_name IS NOT NULL", name="text_of_a_copy"),
        CheckConstraint("(copy_state = 'cleaned') = (copy_name IS NOT NULL)", name="cleaned_has_a_copy"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="release_has_a_person"),
        CheckConstraint("released_at IS NULL OR copy_state = 'cleaned'", name="only_cleaned_released"),
        CheckConstraint("scan_state IN ('clean', 'unscanned') OR released_at IS NULL", name="only_scanned_released"),
        Index("ix_evidence_files_due", "scan_state", "copy_state", "next_try_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    draft_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("drafts.id"), index=True)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"), index=True)
    inquiry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inquiries.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    to_reporter: Mapped[bool] = mapped_column(default=False)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    position: Mapped[int]
    kind: Mapped[Kind]
    size: Mapped[int]
    added_on: Mapped[date]
    content_mac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    object_name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    scan_state: Mapped[ScanState]
    copy_state: Mapped[CopyState] = mapped_column(default=CopyState.WAITING)
    copy_name: Mapped[str | None] = mapped_column(String(NAME_LENGTH), unique=True)
    copy_size: Mapped[int | None]
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    copy_note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def details(self) -> Mapping[str, Any]:
        """Return the name to show and the SHA-256 of the original."""
        value: Mapping[str, Any] = unseal_json(self.data_key, self.details_sealed, details_context(self.id))
        return value

    @property
    def text(self) -> str | None:
        """Return the text of the cleaned copy, None when it has none that a program can read whole."""
        if self.text_sealed is None:
            return None
        return unseal(self.data_key, self.text_sealed, text_context(self.id))

    @property
    def copy_extension(self) -> str:
        """Return how the cleaned copy ends."""
        return KINDS[self.kind].copy_extension


def details_context(file_id: uuid.UUID) -> str:
    """Return what the details of a file are bound to."""
    return f"evidence_files.details:{file_id}"


def original_context(file_id: uuid.UUID) -> str:
    """Return what the bytes of an original are bound to."""
    return f"evidence.original:{file_id}"


def text_context(file_id: uuid.UUID) -> str:
    """Return what the text of a cleaned copy is bound to."""
    return f"evidence_files.text:{file_id}"


def copy_context(file_id: uuid.UUID) -> str:
    """Return what the bytes of a cleaned copy are bound to."""
    return f"evidence.copy:{file_id}"
