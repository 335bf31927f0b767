"""The ledger of recommendations over the cases a person may see: what is to be checked, how an authority answers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page
from mystery_shopper.interventions.models import Answer, Implemented, Recommendation
from mystery_shopper.interventions.policy import Standing

PAGE_SIZE = 25
TAKEN_UP = (Answer.ACCEPTED, Answer.PARTLY)
CARRIED_OUT = (Implemented.YES, Implemented.PARTLY)


@dataclass(frozen=True)
class LedgerLine:
    """A recommendation with the case it was made on, opened."""

    row: Recommendation
    reference: str
    authority: str
    text: str
    addressee: str
    is_overdue: bool


@dataclass(frozen=True)
class LedgerFigures:
    """How an authority takes what is recommended to it, counted over the cases a person may see."""

    made: int = 0
    answered: int = 0
    accepted: int = 0
    checked: int = 0
    carried_out: int = 0


def list_ledger(
    user: StaffMember, standing: Standing, cursor_text: str | None, *, today: date, authority_id: UUID | None = None
) -> Page[LedgerLine]:
    """Return a page of the ledger: what is to be checked by the day to check it, all else newest first."""
    query = _visible(user, authority_id).where(*_CONDITIONS[standing])
    is_by_check = standing is Standing.TO_CHECK
    order = (Recommendation.check_on if is_by_check else Recommendation.made_on, Recommendation.id)
    cursor = decode_cursor(cursor_text)
    upwards = is_by_check != (cursor is not None and cursor.is_backward)
    if cursor is not None:
        here = tuple_(*_read_key(cursor.key))
        query = query.where(tuple_(*order) > here if upwards else tuple_(*order) < here)
    sorting = [column.asc() if upwards else column.desc() for column in order]
    rows = db.session.execute(query.order_by(*sorting).limit(PAGE_SIZE + 1)).all()
    lines = [_open(row, case, today) for row, case in rows]
    return make_page(lines, size=PAGE_SIZE, cursor=cursor, key=lambda line: _key(line.row, is_by_check))


_CONDITIONS: dict[Standing, tuple[ColumnElement[bool], ...]] = {
    Standing.TO_CHECK: (Recommendation.implemented.is_(None), Recommendation.check_on.is_not(None)),
    Standing.UNANSWERED: (Recommendation.answer.is_(None),),
    Standing.CHECKED: (Recommendation.implemented.is_not(None),),
    Standing.ALL: (),
}


def _visible(user: StaffMember, authority_id: UUID | None) -> Select[Recommendation, Case]:
    query = select(Recommendation, Case).join(Case, Case.id == Recommendation.case_id).where(visible_to(user))
    return query if authority_id is None else query.where(Case.authority_id == authority_id)


def _open(row: Recommendation, case: Case, today: date) -> LedgerLine:
    key = case.data_key
    return LedgerLine(
        row=row,
        reference=case.reference,
        authority=case.authority_name,
        text=row.text(key),
        addressee=row.addressee(key) or case.authority_name,
        is_overdue=row.implemented is None and row.check_on is not None and row.check_on < today,
    )


def _key(row: Recommendation, is_by_check: bool) -> CursorKey:
    day = (row.check_on or row.made_on) if is_by_check else row.made_on
    return day.isoformat(), str(row.id)


def _read_key(key: CursorKey) -> tuple[date, UUID]:
    try:
        day, row_id = key
        return date.fromisoformat(day), UUID(row_id)
    except ValueError as error:
        raise NotFoundError from error


def count_ledger(user: StaffMember, authority_id: UUID) -> LedgerFigures:
    """Return how an authority takes what is recommended to it: one grouped count."""
    rows = db.session.execute(
        select(Recommendation.answer, Recommendation.implemented, func.count())
        .join(Case, Case.id == Recommendation.case_id)
        .where(visible_to(user), Case.authority_id == authority_id)
        .group_by(Recommendation.answer, Recommendation.implemented)
    ).all()
    return LedgerFigures(
        made=sum(count for _, _, count in rows),
        answered=sum(count for answer, _, count in rows if answer not in (None, Answer.SILENT)),
        accepted=sum(count for answer, _, count in rows if answer in TAKEN_UP),
        checked=sum(count for _, done, count in rows if done is not None),
        carried_out=sum(count for _, done, count in rows if done in CARRIED_OUT),
    )
