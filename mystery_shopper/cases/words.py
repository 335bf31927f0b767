"""Reads of the words that must not leave a case: of its own list, and of the lists of cases it shares a report with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case, GuardedWord, Report, ReportStay
from mystery_shopper.cases.queries import visible_to, was_in
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.vault import DataKey

UNKNOWN = "a former member of staff"


@dataclass(frozen=True)
class ListedWord:
    """A word of a list as its page shows it. `reference` is empty for a word of the case itself."""

    id: UUID
    word: str
    reference: str
    added_by: str
    added_at: datetime
    taken_off_by: str
    taken_off_at: datetime | None


@dataclass(frozen=True)
class WordList:
    """The words of a case, newest first. `hidden` counts those of cases that this person may not see."""

    standing: tuple[ListedWord, ...]
    taken_off: tuple[ListedWord, ...]
    hidden: int


def _concerns(case: Case) -> ColumnElement[bool]:
    """A word counts on its case, and on every case that has, or once had, a report which has been in that one."""
    now = select(Report.case_id).where(was_in(case))
    ever = select(ReportStay.case_id).join(Report, Report.id == ReportStay.report_id).where(was_in(case))
    return or_(GuardedWord.case_id == case.id, GuardedWord.case_id.in_(now), GuardedWord.case_id.in_(ever))


def _rows_of(case: Case) -> Sequence[tuple[GuardedWord, DataKey]]:
    found = db.session.execute(
        select(GuardedWord, DataKey)
        .join(Case, Case.id == GuardedWord.case_id)
        .join(DataKey, DataKey.id == Case.data_key_id)
        .where(_concerns(case))
        .order_by(GuardedWord.added_at.desc(), GuardedWord.id)
    )
    return [(row, key) for row, key in found]


def words_of(case: Case) -> list[str]:
    """Return the words that must not leave a case. Only for the gate: those of other cases are among them."""
    return [row.word(key) for row, key in _rows_of(case) if row.taken_off_at is None]


def list_words(case: Case, user: StaffMember) -> WordList:
    """Return the list of a case, and of cases it shares a report with as far as this person may see those."""
    rows = _rows_of(case)
    elsewhere = {row.case_id for row, _ in rows if row.case_id != case.id and row.taken_off_at is None}
    seen = {case.id: "", **_references_of(elsewhere, user)}
    names = names_of({one for row, _ in rows for one in (row.added_by_id, row.taken_off_by_id) if one is not None})
    shown = [_show(row, key, seen[row.case_id], names) for row, key in rows if row.case_id in seen]
    return WordList(
        standing=tuple(word for word in shown if word.taken_off_at is None),
        taken_off=tuple(word for word in shown if word.taken_off_at is not None and not word.reference),
        hidden=sum(1 for row, _ in rows if row.taken_off_at is None and row.case_id not in seen),
    )


def _references_of(case_ids: set[UUID], user: StaffMember) -> dict[UUID, str]:
    if not case_ids:
        return {}
    rows = db.session.execute(select(Case.id, Case.reference).where(visible_to(user), Case.id.in_(case_ids)))
    return {row.id: row.reference for row in rows}


def _show(row: GuardedWord, key: DataKey, reference: str, names: dict[UUID, str]) -> ListedWord:
    return ListedWord(
        id=row.id,
        word=row.word(key),
        reference=reference,
        added_by=names.get(row.added_by_id, UNKNOWN),
        added_at=row.added_at,
        taken_off_by=names.get(row.taken_off_by_id, UNKNOWN) if row.taken_off_by_id else "",
        taken_off_at=row.taken_off_at,
    )


def list_own_words(case: Case) -> Sequence[GuardedWord]:
    """Return what stands on the list of a case itself."""
    return db.session.scalars(
        select(GuardedWord).where(GuardedWord.case_id == case.id, GuardedWord.taken_off_at.is_(None))
    ).all()


def get_word(case: Case, word_id: UUID) -> GuardedWord:
    """Return a word of the list of a case, also one that was taken off.

    Raises:
        NotFoundError: no such word, or one of another case; both look alike.
    """
    found = db.session.get(GuardedWord, word_id)
    if found is None or found.case_id != case.id:
        raise NotFoundError
    return found
