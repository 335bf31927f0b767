"""The list of cases: filters, two orders, keyset pages. No page costs more than another, and nothing is counted."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_, union_all

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.queries import search_authorities
from mystery_shopper.cases.models import MUTUAL_KINDS, Case, CaseFact, Channel, Flag, FlagDecision, Report, ReporterKind
from mystery_shopper.cases.queries import is_open, visible_cases, visible_parts, visible_to
from mystery_shopper.cases.search import matching_serials
from mystery_shopper.casework.policy import CaseFilter, OwnerFilter, ReporterFilter, Sort, StateFilter
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import Cursor, CursorKey, Page, make_page, whole_number
from mystery_shopper.rules.results import Outcome
from mystery_shopper.teamwork.queries.labels import has_label

PAGE_SIZE = 25
AUTHORITIES_MATCHED = 50
UNDATED = ""
RARE_MAX = 500
"""A fact that no more cases than this state is rare."""

Part = Select[Case]
"""A query of some of the cases of a list; no case is in two parts of the same list."""
Place = tuple[date | None, int]


def list_cases(
    user: StaffMember, wanted: CaseFilter, *, today: date, cursor: Cursor | None, size: int = PAGE_SIZE
) -> Page[Case]:
    """Return one page of the cases a person may see and asked for.

    Raises:
        NotFoundError: the cursor is not one of this list.
    """
    key = _receipt_key if wanted.sort == Sort.RECEIVED else _due_key
    return make_page(_read_list(user, wanted, today, cursor, size + 1), size=size, cursor=cursor, key=key)


def list_for_export(user: StaffMember, wanted: CaseFilter, *, today: date, limit: int) -> Sequence[Case]:
    """Return the first `limit` cases of the list."""
    return _read_list(user, wanted, today, None, limit)


def _read_list(user: StaffMember, wanted: CaseFilter, today: date, cursor: Cursor | None, count: int) -> list[Case]:
    """Read the list by receipt along the serial numbers, by due date in parts that are each read along an index.

    With words to look for it is one part: it is read along what is found, or along the due dates.
    """
    asked = conditions(user, wanted, today)
    if wanted.sort == Sort.RECEIVED:
        return _read_by_receipt(visible_cases(user).where(*asked), cursor, count)
    seen = [visible_to(user)] if wanted.q else visible_parts(user)
    return _read_by_due(user, [select(Case).where(part, *asked) for part in seen], cursor, count)


def _read(user: StaffMember, parts: Sequence[Part], order: Sequence[ColumnElement[Any]], count: int) -> list[Case]:
    """Return the first cases of some parts in an order."""
    if len(parts) == 1:
        return list(db.session.scalars(parts[0].order_by(*order).limit(count)))
    firsts = [part.with_only_columns(Case.serial).order_by(*order).limit(count).subquery() for part in parts]
    serials = union_all(*(select(first.c.serial) for first in firsts))
    statement = visible_cases(user).where(Case.serial.in_(serials)).order_by(*order)
    return list(db.session.scalars(statement.limit(count)))


def is_more_than(user: StaffMember, wanted: CaseFilter, most: int, *, today: date) -> bool:
    """Tell whether a list has more cases than that; no more of them are looked at than it takes to know."""
    statement = visible_cases(user).where(*conditions(user, wanted, today)).with_only_columns(Case.id)
    some = statement.limit(most + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > most


def read_for_export(user: StaffMember, wanted: CaseFilter, *, today: date, batch: int) -> Iterator[Sequence[Case]]:
    """Yield all cases of the list in its order, a batch at a time: never more than one is held."""
    statement = visible_cases(user).where(*conditions(user, wanted, today)).execution_options(yield_per=batch)
    if wanted.sort == Sort.RECEIVED:
        parts = [statement.order_by(Case.serial.desc())]
    else:
        parts = [
            statement.where(Case.due_on.is_not(None)).order_by(*_due_order(dated=True)),
            statement.where(Case.due_on.is_(None)).order_by(*_due_order(dated=False)),
        ]
    for part in parts:
        yield from db.session.scalars(part).partitions()


def raised_rules(cases: Sequence[Case]) -> dict[UUID, list[str]]:
    """Return the rules raised on each case and not overruled, gravest first: one query for a whole page."""
    rows = db.session.execute(
        select(Flag.case_id, Flag.rule_id)
        .where(
            Flag.case_id.in_([case.id for case in cases]),
            Flag.is_current,
            Flag.outcome == Outcome.RAISED.value,
            Flag.decision != FlagDecision.OVERRULED,
        )
        .order_by(Flag.severity.desc(), Flag.rule_id)
    )
    found: dict[UUID, list[str]] = {}
    for case_id, rule_id in rows:
        found.setdefault(case_id, []).append(rule_id)
    return found


def conditions(user: StaffMember, wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what a filter asks of a case; who may see it is asked beside."""
    found = [*_state_conditions(wanted.state), *_ownerconditions(user, wanted.owner)]
    plain = (
        (wanted.queue, Case.queue),
        (wanted.priority, Case.priority),
        (wanted.waiting, Case.waiting),
        (wanted.regime, Case.regime),
        (wanted.origin, Case.origin),
    )
    found += [column == value for value, column in plain if value]
    found += [*_dates(wanted, today), *_of_reports(wanted), *_of_rules(wanted)]
    found += [_states(fact_id) for fact_id in wanted.fact]
    found += [has_label(UUID(wanted.label))] if wanted.label else []
    if wanted.authority:
        matches = search_authorities(wanted.authority, limit=AUTHORITIES_MATCHED)
        found.append(Case.authority_id.in_([match.id for match in matches]))
    words = matching_serials(db.session(), wanted.q) if wanted.q else None
    return found if words is None else [*found, words]


def _dates(wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.received_from is not None:
        conditions.append(Case.received_on >= wanted.received_from)
    if wanted.received_to is not None:
        conditions.append(Case.received_on <= wanted.received_to)
    if wanted.due_before is not None:
        conditions.append(Case.due_on <= wanted.due_before)
    if wanted.tender_before is not None:
        conditions.append(Case.tender_closes_on.between(today, wanted.tender_before))
    return conditions


def _of_reports(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [_reported_by(wanted.reporter)] if wanted.reporter else []
    if wanted.channel:
        came = select(Report.id).where(Report.case_id == Case.id, Report.channel == Channel(wanted.channel))
        conditions.append(came.exists())
    return conditions


def _of_rules(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [_raises(Flag.rule_id == wanted.rule)] if wanted.rule else []
    return [*conditions, _raises(Flag.severity >= int(wanted.severity))] if wanted.severity else conditions


def _state_conditions(state: str) -> list[ColumnElement[bool]]:
    if state == StateFilter.ALL:
        return []
    return [is_open() if state == StateFilter.OPEN else Case.state == state]


def _ownerconditions(user: StaffMember, owner: str) -> list[ColumnElement[bool]]:
    if not owner:
        return []
    if owner == OwnerFilter.NOBODY:
        return [Case.owner_id.is_(None)]
    return [Case.owner_id == (user.id if owner == OwnerFilter.ME else UUID(owner))]


def _raises(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Flag.id)
        .where(
            Flag.case_id == Case.id,
            which,
            Flag.is_current,
            Flag.outcome == Outcome.RAISED.value,
            Flag.decision != FlagDecision.OVERRULED,
        )
        .exists()
    )


def _states(fact_id: str) -> ColumnElement[bool]:
    """Tell whether a fact is in force on a case, whatever its value: `cases.queries.list_facts` in SQL.

    The cases of a rare fact are read first and then put in order; with a common one the list is walked in its order
    until the page is full. Neither way is good for both: a list of 12,000 cases takes 2 ms one way, 100 ms the other.
    """
    in_force = (CaseFact.fact_id == fact_id, CaseFact.is_current, CaseFact.is_confirmed)
    some = select(CaseFact.case_id).where(*in_force).limit(RARE_MAX + 1).subquery()
    if (db.session.scalar(select(func.count()).select_from(some)) or 0) <= RARE_MAX:
        return Case.id.in_(select(CaseFact.case_id).where(*in_force))
    return select(CaseFact.id).where(CaseFact.case_id == Case.id, *in_force).exists()


def _reported_by(kind: str) -> ColumnElement[bool]:
    kinds = MUTUAL_KINDS if kind == ReporterFilter.MUTUALS else (ReporterKind(kind),)
    return select(Report.id).where(Report.case_id == Case.id, Report.reporter_kind.in_(kinds)).exists()


def _receipt_key(case: Case) -> CursorKey:
    return (str(case.serial),)


def _due_key(case: Case) -> CursorKey:
    return (case.due_on.isoformat() if case.due_on else UNDATED, str(case.serial))


def _read_by_receipt(statement: Part, cursor: Cursor | None, count: int) -> list[Case]:
    """Read from the newest; `serial` counts cases in the order they came."""
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        (serial,) = _serial_key(cursor.key)
        statement = statement.where(Case.serial > serial if backward else Case.serial < serial)
    order = Case.serial.asc() if backward else Case.serial.desc()
    return list(db.session.scalars(statement.order_by(order).limit(count)))


def _serial_key(key: CursorKey) -> tuple[int]:
    try:
        (serial,) = key
        return (whole_number(serial),)
    except ValueError as error:
        raise NotFoundError from error


def _read_by_due(user: StaffMember, parts: Sequence[Part], cursor: Cursor | None, count: int) -> list[Case]:
    """Read dated cases by date, then those without a date, each from its own index; backward the other way round."""
    backward = cursor is not None and cursor.is_backward
    place = _due_place(cursor.key) if cursor is not None else None
    rows: list[Case] = []
    for band in (_undated, _dated) if backward else (_dated, _undated):
        condition = band(place, backward)
        if condition is not None:
            order = _due_order(dated=band is _dated, backward=backward)
            rows += _read(user, [part.where(condition) for part in parts], order, count - len(rows))
        if len(rows) >= count:
            break
    return rows


def _due_place(key: CursorKey) -> Place:
    try:
        day, serial = key
        return (date.fromisoformat(day) if day != UNDATED else None, whole_number(serial))
    except ValueError as error:
        raise NotFoundError from error


def _due_order(*, dated: bool, backward: bool = False) -> list[ColumnElement[Any]]:
    columns = [Case.due_on, Case.serial] if dated else [Case.serial]
    return [column.desc() if backward else column.asc() for column in columns]


def _dated(place: Place | None, backward: bool) -> ColumnElement[bool] | None:
    """Return which dated cases lie beyond a place; None when none does."""
    dated = Case.due_on.is_not(None)
    if place is None or (place[0] is None and backward):
        return dated
    day, serial = place
    if day is None:
        return None
    here, there = tuple_(Case.due_on, Case.serial), tuple_(literal(day), literal(serial))
    return and_(dated, here < there if backward else here > there)


def _undated(place: Place | None, backward: bool) -> ColumnElement[bool] | None:
    """Return which cases without a date lie beyond a place; None when none does."""
    undated = Case.due_on.is_(None)
    if place is None or (place[0] is not None and not backward):
        return undated
    day, serial = place
    if day is not None:
        return None
    return and_(undated, Case.serial < serial if backward else Case.serial > serial)
