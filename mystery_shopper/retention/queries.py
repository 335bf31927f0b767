"""Reads of records: what is due, what holds keep, batches and what is in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy import case as sql_case

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case, CaseJoin, CaseRecusal, Report, ReporterIdentity
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.retention.models import RetentionBatch, RetentionItem
from mystery_shopper.retention.policy import CASE_FILE, RetentionClass, schedule
from mystery_shopper.retention.states import OPEN, BatchState, ItemState

BATCH_MAX = 200
LATEST = 50


@dataclass(frozen=True)
class Due:
    """What of one class is due: how many cases are free, how many holds keep, how many are in open batches."""

    of: RetentionClass
    free: int
    held: int
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
    """Return how much of a class is due today."""
    busy, held = Case.id.in_(_in_open_batches(one.id)), _is_held()
    kinds = sql_case((busy, "busy"), (held, "held"), else_="free").label("kind")
    found = select(kinds).where(*_is_due(one, today)).subquery()
    counts = {row[0]: row[1] for row in db.session.execute(select(found.c.kind, func.count()).group_by(found.c.kind))}
    return Due(one, free=counts.get("free", 0), held=counts.get("held", 0), in_batches=counts.get("busy", 0))


def first_due(one: RetentionClass, today: date, limit: int) -> Sequence[UUID]:
    """Return the cases of a class that are due, in no open batch and not held, the longest closed first."""
    return db.session.scalars(
        select(Case.id)
        .where(*_is_due(one, today), Case.id.not_in(_in_open_batches(one.id)), not_(_is_held()))
        .order_by(Case.closed_on, Case.serial)
        .limit(limit)
    ).all()


def _is_due(one: RetentionClass, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions under which a case is due: its period is over, and there is something to erase."""
    found = [Case.closed_on.is_not(None), Case.closed_on <= one.due_until(today), Case.erased_on.is_(None)]
    if one.id != CASE_FILE:
        has_identity = select(ReporterIdentity.id).join(Report, Report.id == ReporterIdentity.report_id)
        found.append(has_identity.where(Report.case_id == Case.id).exists())
    return found


def is_due(one: RetentionClass, case: Case, today: date) -> bool:
    """Tell whether a case is still due: it may have been opened again since the batch was made."""
    return case.erased_on is None and case.closed_on is not None and one.ends_on(case.closed_on) <= today


def _in_open_batches(class_id: str) -> Select[UUID]:
    """Return the query of the cases a batch of this class has to itself; one of the whole file has its identities."""
    return (
        select(RetentionItem.case_id)
        .join(RetentionBatch, RetentionBatch.id == RetentionItem.batch_id)
        .where(
            RetentionBatch.state.in_(OPEN),
            RetentionItem.state == ItemState.WAITING,
            or_(RetentionBatch.class_id == class_id, RetentionBatch.class_id == CASE_FILE),
        )
    )


def _is_held() -> ColumnElement[bool]:
    """Return the condition that a hold keeps a case."""
    return select(LegalHold.id).where(LegalHold.lifted_at.is_(None), _keeps(Case.id, Case.authority_id)).exists()


def holds_on(case: Case) -> Sequence[LegalHold]:
    """Return the holds that keep a case, oldest first."""
    return db.session.scalars(
        select(LegalHold)
        .where(LegalHold.lifted_at.is_(None), _keeps(case.id, case.authority_id))
        .order_by(LegalHold.placed_at, LegalHold.id)
    ).all()


def _keeps(case_id: Any, authority_id: Any) -> ColumnElement[bool]:
    """Return the condition that a hold is on a case, on one joined to it, on its authority, or on everything.

    A case goes together with those joined to it, so what keeps one of them keeps it. The two are ids or columns of ids.
    """
    parts = select(CaseJoin.joined_id).where(CaseJoin.kept_id == case_id, CaseJoin.undone_at.is_(None)).correlate(Case)
    on_case = or_(LegalHold.subject_id == case_id, LegalHold.subject_id.in_(parts))
    return or_(
        LegalHold.scope == HoldScope.EVERYTHING,
        and_(LegalHold.scope == HoldScope.CASE, on_case),
        and_(LegalHold.scope == HoldScope.AUTHORITY, LegalHold.subject_id == authority_id),
    )


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
        select(RetentionItem.case_id, Case.reference, Case.closed_on, RetentionItem.state, _is_held())
        .join(Case, Case.id == RetentionItem.case_id)
        .where(RetentionItem.batch_id == batch.id, visible_to(user))
        .order_by(Case.closed_on, Case.serial)
    ).all()
    return [ItemView(*row) for row in rows]


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
    """Return what some ids name: the references of cases this person may see, names of authorities."""
    if not ids:
        return {}
    cases = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(ids), visible_to(user)))
    authorities = db.session.execute(select(Authority.id, Authority.name).where(Authority.id.in_(ids)))
    return {row[0]: row[1] for row in (*cases, *authorities)}


def authorities_hidden_from(user: StaffMember) -> set[UUID | None]:
    """Return the authorities of the cases that an interest hides from this person; None for a case about none."""
    against = select(CaseRecusal.case_id).where(CaseRecusal.user_id == user.id)
    hidden = select(Case.authority_id).where(Case.id.in_(against), Case.erased_on.is_(None), not_(visible_to(user)))
    return set(db.session.scalars(hidden.distinct()))
