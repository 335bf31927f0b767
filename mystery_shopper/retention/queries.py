"""Reads of records: what is due, what holds keep, batches and what is in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, not_, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case, CaseJoin, CaseRecusal, Report, ReporterIdentity
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.holds.policy import EVERYTHING, HoldScope
from mystery_shopper.holds.queries import held_ids, standing_on
from mystery_shopper.retention.models import RetentionBatch, RetentionItem
from mystery_shopper.retention.policy import CASE_FILE, RetentionClass, schedule
from mystery_shopper.retention.states import OPEN, BatchState, ItemState

BATCH_MAX = 200
LATEST = 50
MONTH_END_SLACK = timedelta(days=3)
"""Months added to a last day of a month may end earlier than months taken off; the exact day is asked after."""


@dataclass(frozen=True)
class Due:
    """What of one class is due: cases by id in the order they closed, those that holds keep, those in open batches."""

    of: RetentionClass
    free: tuple[UUID, ...]
    held: tuple[UUID, ...]
    in_batches: int


@dataclass(frozen=True)
class ItemView:
    """One case of a batch. `reference` is None for a case this person may not see, or that is gone."""

    case_id: UUID
    reference: str | None
    closed_on: date | None
    state: ItemState
    is_held: bool


def due_of(one: RetentionClass, today: date) -> Due:
    """Return what of a class is due today."""
    rows = [row for row in _closed_long_ago(one, today) if row[1] is not None and one.ends_on(row[1]) <= today]
    busy = _in_open_batches(one.id)
    waiting = [row for row in rows if row[0] not in busy]
    held = _held(waiting)
    return Due(
        of=one,
        free=tuple(row[0] for row in waiting if row[0] not in held),
        held=tuple(row[0] for row in waiting if row[0] in held),
        in_batches=len(rows) - len(waiting),
    )


Row = tuple[UUID, date | None, UUID | None]


def _closed_long_ago(one: RetentionClass, today: date) -> list[Row]:
    """Return id, day of closing and authority of the cases whose period is over, give or take the end of a month."""
    edge = add_months(today, -one.count) + MONTH_END_SLACK
    query: Select[UUID, date | None, UUID | None] = (
        select(Case.id, Case.closed_on, Case.authority_id)
        .where(Case.closed_on.is_not(None), Case.closed_on <= edge, Case.erased_on.is_(None))
        .order_by(Case.closed_on, Case.serial)
    )
    if one.id != CASE_FILE:
        has_identity = select(ReporterIdentity.id).join(Report, Report.id == ReporterIdentity.report_id)
        query = query.where(has_identity.where(Report.case_id == Case.id).exists())
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def is_due(one: RetentionClass, case: Case, today: date) -> bool:
    """Tell whether a case is still due: it may have been opened again since the batch was made."""
    return case.erased_on is None and case.closed_on is not None and one.ends_on(case.closed_on) <= today


def _in_open_batches(class_id: str) -> set[UUID]:
    """Return the cases a batch of this class has to itself; one of the whole file has its identities too."""
    return set(
        db.session.scalars(
            select(RetentionItem.case_id)
            .join(RetentionBatch, RetentionBatch.id == RetentionItem.batch_id)
            .where(
                RetentionBatch.state.in_(OPEN),
                RetentionItem.state == ItemState.WAITING,
                or_(RetentionBatch.class_id == class_id, RetentionBatch.class_id == CASE_FILE),
            )
        )
    )


def _held(rows: Sequence[Row]) -> set[UUID]:
    if standing_on((EVERYTHING,)):
        return {row[0] for row in rows}
    cases, authorities, reports = (held_ids(one) for one in (HoldScope.CASE, HoldScope.AUTHORITY, HoldScope.REPORT))
    of_reports = set(db.session.scalars(select(Report.case_id).where(Report.id.in_(reports)))) if reports else set()
    return {row[0] for row in rows if row[0] in cases or row[2] in authorities or row[0] in of_reports}


def list_due(today: date) -> list[Due]:
    """Return what is due of every class that goes in batches."""
    return [due_of(one, today) for one in schedule().batch_classes()]


def list_batches() -> Sequence[RetentionBatch]:
    """Return the latest batches, newest first."""
    return db.session.scalars(select(RetentionBatch).order_by(RetentionBatch.number.desc()).limit(LATEST)).all()


def get_batch(number: int, *, lock: bool = False) -> RetentionBatch:
    """Return a batch by its number; with `lock` nobody else changes it before the commit.

    Raises:
        NotFoundError: no such batch.
    """
    query = select(RetentionBatch).where(RetentionBatch.number == number)
    batch = db.session.scalar(query.with_for_update() if lock else query)
    if batch is None:
        raise NotFoundError
    return batch


def find_approved() -> int | None:
    """Return the number of the oldest batch that waits to be done."""
    return db.session.scalar(select(func.min(RetentionBatch.number)).where(RetentionBatch.state == BatchState.APPROVED))


def find_waiting(batch: RetentionBatch) -> UUID | None:
    """Return a case of a batch that has not been dealt with."""
    return db.session.scalar(
        select(RetentionItem.case_id)
        .where(RetentionItem.batch_id == batch.id, RetentionItem.state == ItemState.WAITING)
        .order_by(RetentionItem.case_id)
        .limit(1)
    )


def list_items(batch: RetentionBatch) -> Sequence[RetentionItem]:
    """Return what is in a batch, by case."""
    return db.session.scalars(
        select(RetentionItem).where(RetentionItem.batch_id == batch.id).order_by(RetentionItem.case_id)
    ).all()


def show_items(batch: RetentionBatch, user: StaffMember) -> list[ItemView]:
    """Return what is in a batch as a person may see it, in the order the cases closed."""
    rows = db.session.execute(
        select(RetentionItem.case_id, RetentionItem.state, Case.reference, Case.closed_on, Case.authority_id)
        .join(Case, Case.id == RetentionItem.case_id)
        .where(RetentionItem.batch_id == batch.id, visible_to(user))
        .order_by(Case.closed_on, Case.serial)
    ).all()
    held = _held([(row[0], row[3], row[4]) for row in rows])
    return [ItemView(row[0], row[2], row[3], row[1], row[0] in held) for row in rows]


def count_unseen(batch: RetentionBatch, user: StaffMember) -> int:
    """Return how many cases a batch would destroy that this person may not see; joined cases go with it."""
    ids = set(db.session.scalars(select(RetentionItem.case_id).where(RetentionItem.batch_id == batch.id)))
    new = ids
    while new:
        joined = select(CaseJoin.joined_id).where(CaseJoin.kept_id.in_(new), CaseJoin.undone_at.is_(None))
        new = set(db.session.scalars(joined)) - ids
        ids = ids | new
    statement = select(func.count()).select_from(Case).where(Case.id.in_(ids))
    return db.session.scalar(statement.where(Case.erased_on.is_(None), not_(visible_to(user)))) or 0


def count_items(batch: RetentionBatch) -> dict[ItemState, int]:
    """Return how many records of a batch stand where."""
    rows = db.session.execute(
        select(RetentionItem.state, func.count())
        .where(RetentionItem.batch_id == batch.id)
        .group_by(RetentionItem.state)
    ).all()
    return {row[0]: row[1] for row in rows}


def references_of(ids: Collection[UUID], user: StaffMember) -> dict[UUID, str]:
    """Return what some ids name: the references of cases this person may see (of reports too), names of authorities."""
    if not ids:
        return {}
    cases = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(ids), visible_to(user)))
    of_reports = select(Report.id, Case.reference).join(Case, Case.id == Report.case_id)
    reports = db.session.execute(of_reports.where(Report.id.in_(ids), visible_to(user)))
    authorities = db.session.execute(select(Authority.id, Authority.name).where(Authority.id.in_(ids)))
    return {row[0]: row[1] for row in (*cases, *reports, *authorities)}


def authorities_hidden_from(user: StaffMember) -> set[UUID | None]:
    """Return the authorities of the cases that an interest hides from this person; None for a case about none."""
    against = select(CaseRecusal.case_id).where(CaseRecusal.user_id == user.id)
    hidden = select(Case.authority_id).where(Case.id.in_(against), Case.erased_on.is_(None), not_(visible_to(user)))
    return set(db.session.scalars(hidden.distinct()))
