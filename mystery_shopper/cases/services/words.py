"""The list of words that must not leave a case: putting one on it, and taking one off. The row stays on record."""

from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, GuardedWord
from mystery_shopper.cases.models.word import word_context
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.word_events import WordGuarded, WordTakenOff
from mystery_shopper.cases.words import list_own_words
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import seal
from mystery_shopper.disclosure.listed import refusal_of, spelling_of

FIELD = "word"
MOST_WORDS = 100
"""Words on one list; each is looked for in every text."""


def guard_word(case: Case, word: str, *, by: StaffMember, now: datetime) -> GuardedWord:
    """Put a word, a phrase or an amount on the list: from now on the gate stops every text that holds it.

    Raises:
        DomainError: it would stop every letter, is too short, is on the list, or the list is full.
    """
    refusal = refusal_of(word, public=f"{case.authority_name}\n{case.title}")
    if refusal:
        raise DomainError(refusal, field=FIELD)
    standing = list_own_words(case)
    if spelling_of(word) in {spelling_of(row.word(case.data_key)) for row in standing}:
        raise DomainError(f"“{word}” is on the list already", field=FIELD)
    if len(standing) >= MOST_WORDS:
        raise DomainError(f"The list can hold {MOST_WORDS} words. Take one off first", field=FIELD)
    row_id = new_id()
    row = GuardedWord(
        id=row_id,
        case_id=case.id,
        added_by_id=by.id,
        added_at=now,
        word_sealed=seal(case.data_key, word, word_context(row_id)),
    )
    db.session.add(row)
    db.session.flush()
    record(case, WordGuarded(word_id=str(row_id)), actor=by.actor, now=now)
    return row


def take_off_word(case: Case, row: GuardedWord, *, by: StaffMember, now: datetime) -> None:
    """Take a word off the list; asked twice, it is done once. Who took it off, and when, stays on record."""
    if row.taken_off_at is not None:
        return
    row.taken_off_at, row.taken_off_by_id = now, by.id
    db.session.flush()
    record(case, WordTakenOff(word_id=str(row.id)), actor=by.actor, now=now)
