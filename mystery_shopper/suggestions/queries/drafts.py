"""Reads of suggestions that are being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.vault import unseal_json
from mystery_shopper.suggestions.journey import Answers
from mystery_shopper.suggestions.models import SuggestionDraft


@dataclass(frozen=True)
class OpenDraft:
    """A draft that was unsealed: its row, its receipt code and its answers."""

    row: SuggestionDraft
    code: str
    answers: Answers


def find_draft(draft_id: UUID, today: date, *, lock: bool = False) -> SuggestionDraft | None:
    """Return a draft that has not expired, sent or not. With `lock`, nobody else changes it until the commit."""
    query = select(SuggestionDraft).where(SuggestionDraft.id == draft_id, SuggestionDraft.expires_on >= today)
    return db.session.scalar(query.with_for_update(of=SuggestionDraft) if lock else query)


def find_draft_by_code(code_mac: bytes, today: date) -> SuggestionDraft | None:
    """Return the draft a receipt code opens."""
    return db.session.scalar(
        select(SuggestionDraft).where(SuggestionDraft.code_mac == code_mac, SuggestionDraft.expires_on >= today)
    )


def list_expired_drafts(today: date) -> Sequence[SuggestionDraft]:
    """Return the drafts nobody came back to."""
    return db.session.scalars(
        select(SuggestionDraft).where(SuggestionDraft.expires_on < today, SuggestionDraft.content_sealed.is_not(None))
    ).all()


def read_draft(row: SuggestionDraft) -> OpenDraft:
    """Open a draft.

    Raises:
        NotFoundError: it was sent, so nothing is kept in it.
    """
    if row.data_key is None or row.content_sealed is None:
        raise NotFoundError
    content = unseal_json(row.data_key, row.content_sealed, f"suggestion_drafts.content:{row.id}")
    return OpenDraft(row, content["code"], Answers.from_json(content["answers"]))
