"""The desk: one grouped count over a person's own open cases, and the first few of each pile.

Everything is read along the indexes over open cases, so that it costs the same however many there have been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Direction, Message, Priority
from mystery_shopper.cases.policy import DueKind
from mystery_shopper.cases.queries import first_due, is_open, visible_cases, visible_to
from mystery_shopper.cases.states import WaitingFor
from mystery_shopper.core.db import db
from mystery_shopper.core.permissions import Permission

SHOWN = 10
TEAM_SHOWN = 12
STUCK = 6
KINDS = [kind.value for kind in DueKind]
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
    """What a person sees first: own cases in due order, answers to read, cases nobody owns yet.

    `team` is for who gives out the work, None for everybody else.
    """

    counts: DeskCounts
    mine: Sequence[Case]
    written_to: Sequence[Case]
    unowned: Sequence[Case]
    team: "Team | None" = None


@dataclass(frozen=True)
class Load:
    """The open cases of one person, and how many of them are overdue."""

    user_id: UUID
    name: str
    cases: int
    urgent: int
    overdue: int


@dataclass(frozen=True)
class Team:
    """The work of everybody: the most loaded first, and the cases that have been overdue longest."""

    loads: Sequence[Load]
    people: int
    stuck: Sequence[Case]


def load_desk(user: StaffMember, *, today: date, soon: date) -> Desk:
    """Return the desk of a person; `soon` is the last day that counts as "closes soon"."""
    mine = Case.owner_id == user.id
    return Desk(
        counts=count_cases(user, today=today, soon=soon),
        mine=_first(user, mine),
        written_to=_first(user, mine, _has_unread_message()),
        unowned=_first(user, Case.owner_id.is_(None)),
        team=load_team(user, today=today) if user.can(Permission.CASE_ALLOCATE) else None,
    )


def count_cases(user: StaffMember, *, today: date, soon: date) -> DeskCounts:
    """Return the counts of a person's desk."""
    overdue = sql_case((Case.due_on < today, 1), else_=0)
    closing = sql_case((Case.tender_closes_on.between(today, soon), 1), else_=0)
    rows = db.session.execute(
        select(Case.waiting, overdue, closing, func.count())
        .where(visible_to(user), Case.owner_id == user.id, is_open())
        .group_by(Case.waiting, overdue, closing)
    ).all()
    unowned = (
        select(Case.serial)
        .where(visible_to(user), Case.owner_id.is_(None), is_open())
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


def load_team(user: StaffMember, *, today: date) -> Team:
    """Return what everybody carries, as far as this person may see it, and what is stuck.

    One pass over the index of open cases; what is finished is not looked at.
    """
    overdue = sql_case((Case.due_on < today, 1), else_=0)
    urgent = sql_case((Case.priority == Priority.URGENT, 1), else_=0)
    carried = (
        select(
            Case.owner_id,
            func.count().label("cases"),
            func.sum(urgent).label("urgent"),
            func.sum(overdue).label("overdue"),
        )
        .where(visible_to(user), is_open(), Case.owner_id.is_not(None))
        .group_by(Case.owner_id)
        .subquery()
    )
    rows = db.session.execute(
        select(User.id, User.name, carried.c.cases, carried.c.urgent, carried.c.overdue)
        .join(carried, carried.c.owner_id == User.id)
        .order_by(carried.c.overdue.desc(), carried.c.cases.desc(), User.name)
    ).all()
    stuck = db.session.scalars(
        visible_cases(user).where(is_open(), Case.due_on < today).order_by(Case.due_on, Case.serial).limit(STUCK)
    ).all()
    return Team([Load(*row) for row in rows[:TEAM_SHOWN]], len(rows), stuck)


def _first(user: StaffMember, *conditions: ColumnElement[bool]) -> Sequence[Case]:
    """Return the first open cases by due date; of two on one day the one with the stronger clock."""
    return sorted(first_due(visible_cases(user).where(is_open(), *conditions), SHOWN), key=_urgency)


def _urgency(case: Case) -> tuple[date, int, int]:
    return (case.due_on or date.max, KINDS.index(case.due_kind) if case.due_kind else len(KINDS), case.serial)


def _has_unread_message() -> ColumnElement[bool]:
    return (
        select(Message.id)
        .where(Message.case_id == Case.id, Message.direction == Direction.FROM_REPORTER, Message.read_at.is_(None))
        .exists()
    )
