"""The desk: one grouped count over a person's own open cases, and the first few of each pile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case as sql_case
from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Direction, Message
from mystery_shopper.cases.queries import visible_cases, visible_to
from mystery_shopper.cases.states import WaitingFor
from mystery_shopper.casework.policy import OPEN_STATES
from mystery_shopper.core.db import db

SHOWN = 10
COUNT_LIMIT = 999


@dataclass(frozen=True)
class DeskCounts:
    """A person's open cases, counted by what they wait for and by what is due. `unowned` stops at COUNT_LIMIT."""

    mine: int
    waiting: dict[WaitingFor, int]
    overdue: int
    tender_soon: int
    unowned: int

    @property
    def has_more_unowned(self) -> bool:
        """Tell whether there are more cases without an owner than are counted."""
        return self.unowned > COUNT_LIMIT


@dataclass(frozen=True)
class Desk:
    """What a person sees first: own cases in due order, answers to read, cases nobody owns yet."""

    counts: DeskCounts
    mine: Sequence[Case]
    written_to: Sequence[Case]
    unowned: Sequence[Case]


def load_desk(user: StaffMember, *, today: date, soon: date) -> Desk:
    """Return the desk of a person; `soon` is the last day that counts as "closes soon"."""
    mine = Case.owner_id == user.id
    return Desk(
        counts=count_cases(user, today=today, soon=soon),
        mine=_first(user, mine),
        written_to=_first(user, mine, _has_unread_message()),
        unowned=_first(user, Case.owner_id.is_(None)),
    )


def count_cases(user: StaffMember, *, today: date, soon: date) -> DeskCounts:
    """Return the counts of a person's desk."""
    overdue = sql_case((Case.due_on < today, 1), else_=0)
    closing = sql_case((Case.tender_closes_on.between(today, soon), 1), else_=0)
    rows = db.session.execute(
        select(Case.waiting, overdue, closing, func.count())
        .where(visible_to(user), Case.owner_id == user.id, Case.state.in_(OPEN_STATES))
        .group_by(Case.waiting, overdue, closing)
    ).all()
    unowned = (
        select(Case.serial)
        .where(visible_to(user), Case.owner_id.is_(None), Case.state.in_(OPEN_STATES))
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    return DeskCounts(
        mine=sum(row[3] for row in rows),
        waiting={waiting: sum(row[3] for row in rows if row[0] is waiting) for waiting in WaitingFor},
        overdue=sum(row[3] for row in rows if row[1]),
        tender_soon=sum(row[3] for row in rows if row[2]),
        unowned=db.session.scalar(select(func.count()).select_from(unowned)) or 0,
    )


def _first(user: StaffMember, *conditions: ColumnElement[bool]) -> Sequence[Case]:
    return db.session.scalars(
        visible_cases(user)
        .where(Case.state.in_(OPEN_STATES), *conditions)
        .order_by(Case.due_on.is_(None), Case.due_on, Case.serial)
        .limit(SHOWN)
    ).all()


def _has_unread_message() -> ColumnElement[bool]:
    return (
        select(Message.id)
        .where(Message.case_id == Case.id, Message.direction == Direction.FROM_REPORTER, Message.read_at.is_(None))
        .exists()
    )
