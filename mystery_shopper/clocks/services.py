"""Writes of clocks over many cases: putting what is overdue before a senior, and counting dates again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from mystery_shopper.cases.clock_events import CaseEscalated, DueDateMoved
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.policy import DueKind
from mystery_shopper.cases.queries import get_case_for_update, is_open
from mystery_shopper.cases.services import calendar_for, moves_of, record, recount
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.clocks.models import CaseEscalation
from mystery_shopper.clocks.policy import escalation_rules
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.events import SYSTEM


def list_overdue(today: date) -> Sequence[UUID]:
    """Return the open cases whose date has passed, has a rule and was not put before anybody yet, by serial."""
    known = and_(
        CaseEscalation.case_id == Case.id,
        CaseEscalation.due_kind == Case.due_kind,
        CaseEscalation.due_on == Case.due_on,
    )
    return db.session.scalars(
        select(Case.id)
        .where(
            Case.due_on < today,
            Case.due_kind.in_([kind.value for kind in escalation_rules()]),
            is_open(),
            ~select(CaseEscalation.case_id).where(known).exists(),
        )
        .order_by(Case.serial)
    ).all()


def escalate(case_id: UUID, *, now: datetime) -> bool:
    """Put a case before a senior if the rule of its clock says so; once for each date, however often it is asked.

    Returns:
        Whether the case was put before somebody now.
    """
    case, today = get_case_for_update(case_id, lock=True), day_of(now)
    if case.due_on is None or case.due_kind is None or case.state in FINISHED:
        return False
    rule = escalation_rules().get(DueKind(case.due_kind))
    if rule is None or not rule.has_come(case.due_on, today, calendar_for(case).holidays):
        return False
    if db.session.get(CaseEscalation, (case.id, case.due_kind, case.due_on)) is not None:
        return False
    row = CaseEscalation(case_id=case.id, due_kind=case.due_kind, due_on=case.due_on, escalated_at=now)
    db.session.add(row)
    db.session.flush()
    event = CaseEscalated(due_kind=case.due_kind, due_on=case.due_on.isoformat(), to=rule.to.value)
    record(case, event, actor=SYSTEM, now=now)
    return True


def count_open() -> int:
    """Return how many cases are open."""
    return db.session.scalar(select(func.count()).select_from(Case).where(is_open())) or 0


def list_open(after: int, *, limit: int) -> Sequence[tuple[int, UUID]]:
    """Return serial and id of the next open cases after a serial, in order."""
    rows = db.session.execute(
        select(Case.serial, Case.id).where(Case.serial > after, is_open()).order_by(Case.serial).limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def recompute(case_id: UUID, *, why: str, apply: bool, now: datetime) -> tuple[str, list[DueDateMoved]]:
    """Count the dates of a case again; with `apply` they are moved and what moved is put on record.

    A case whose clock stands still is left alone: it is counted again when the clock goes on.

    Returns:
        The reference of the case, and what moved or would.
    """
    case = get_case_for_update(case_id, lock=apply)
    if case.paused_since is not None:
        return case.reference, []
    if apply:
        return case.reference, recount(case, why=why, actor=SYSTEM, now=now)
    return case.reference, moves_of(case, why=why, today=day_of(now))
