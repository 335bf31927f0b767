"""Who works on what, what they carry, whom a case suits, and which case is next for a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from mystery_shopper.accounts.absences import absences_on
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import list_assignable, names_of
from mystery_shopper.allocation.models import StaffQueue, StaffSkill
from mystery_shopper.allocation.policy import (
    Asks,
    Candidate,
    Skill,
    Suggestion,
    Wanted,
    skills,
    skills_for,
    suggest,
    weights,
)
from mystery_shopper.cases.models import Case, Priority, Report
from mystery_shopper.cases.ownership import ownable_by, people_who_may_own
from mystery_shopper.cases.queries import first_due, is_open, list_reports, visible_cases, visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError

HANDED_OVER_AT_ONCE = 100


@dataclass(frozen=True)
class Work:
    """What a person works on."""

    queues: frozenset[str]
    skills: frozenset[str]


@dataclass(frozen=True)
class Colleague:
    """A person on the page of who works on what."""

    person: User
    work: Work
    cases: int
    load: int
    away_until: date | None
    deputy: str


def work_of(user_ids: Collection[UUID]) -> Mapping[UUID, Work]:
    """Return what several people work on."""
    queues: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    known: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    for row in db.session.scalars(select(StaffQueue).where(StaffQueue.user_id.in_(user_ids))):
        queues[row.user_id].add(row.queue)
    for skill in db.session.scalars(select(StaffSkill).where(StaffSkill.user_id.in_(user_ids))):
        known[skill.user_id].add(skill.skill)
    return {user_id: Work(frozenset(queues[user_id]), frozenset(known[user_id])) for user_id in user_ids}


def loads(viewer: StaffMember) -> Mapping[UUID, tuple[int, int]]:
    """Return how many open cases each owner has, and their weight, as far as this person may see them."""
    rows = db.session.execute(
        select(Case.owner_id, Case.priority, func.count())
        .where(visible_to(viewer), is_open(), Case.owner_id.is_not(None))
        .group_by(Case.owner_id, Case.priority)
    )
    found: dict[UUID, tuple[int, int]] = {}
    for owner_id, priority, count in rows:
        if owner_id is not None:
            cases, load = found.get(owner_id, (0, 0))
            found[owner_id] = (cases + count, load + count * weights()[Priority(priority)])
    return found


def wanted_by(case: Case) -> Wanted:
    """Return what a case asks for: its queue, and skills by queue, law and the languages of its reporters."""
    languages = {report.language for report in list_reports(case)}
    values = {Asks.QUEUE: {case.queue}, Asks.REGIME: {case.regime or ""}, Asks.LANGUAGE: languages}
    return Wanted(queue=case.queue, skills=skills_for(values))


def suggest_owners(case: Case, viewer: StaffMember, today: date) -> list[Suggestion]:
    """Return the people a case can be given to, its owner left out, the one to ask first before the others."""
    people = [person for person in people_who_may_own(case) if person.id != case.owner_id]
    return suggest(wanted_by(case), [_candidate(one) for one in _colleagues(people, loads(viewer), today)])


def list_colleagues(viewer: StaffMember, today: date) -> list[Colleague]:
    """Return everybody who works on cases, by name, with what they carry."""
    return _colleagues(list_assignable(), loads(viewer), today)


def get_colleague(user_id: UUID, viewer: StaffMember, today: date) -> Colleague:
    """Return one person who works on cases, or left some behind.

    Raises:
        NotFoundError: there is no such person among them.
    """
    working, left_behind = list_everybody(viewer, today)
    found = [one for one in (*working, *left_behind) if one.person.id == user_id]
    if not found:
        raise NotFoundError
    return found[0]


def list_everybody(viewer: StaffMember, today: date) -> tuple[list[Colleague], list[Colleague]]:
    """Return everybody who works on cases, and apart from them who left open cases behind.

    The latter do not work on cases any more: their accounts are closed, or their roles are others. By name, as far as
    this person may see the cases.
    """
    working, carried = list_assignable(), loads(viewer)
    gone = set(carried) - {person.id for person in working}
    left: Sequence[User] = []
    if gone:
        left = db.session.scalars(select(User).where(User.id.in_(gone)).order_by(User.name, User.email)).all()
    both = _colleagues([*working, *left], carried, today)
    return both[: len(working)], both[len(working) :]


def count_open_cases(owner_id: UUID) -> int:
    """Return how many open cases a person owns: a number for whoever closes their account, and nothing of the cases."""
    statement = select(func.count()).where(Case.owner_id == owner_id, is_open())
    return db.session.scalar(statement) or 0


def _colleagues(people: Sequence[User], carried: Mapping[UUID, tuple[int, int]], today: date) -> list[Colleague]:
    ids = [person.id for person in people]
    work, away = work_of(ids), absences_on(ids, today)
    deputies = names_of({absence.deputy_id for absence in away.values() if absence.deputy_id})
    found = []
    for person in people:
        absence = away.get(person.id)
        cases, load = carried.get(person.id, (0, 0))
        deputy = deputies.get(absence.deputy_id, "") if absence and absence.deputy_id else ""
        found.append(Colleague(person, work[person.id], cases, load, absence.ends_on if absence else None, deputy))
    return found


def _candidate(one: Colleague) -> Candidate:
    return Candidate(
        user_id=one.person.id,
        name=one.person.name,
        queues=one.work.queues,
        skills=one.work.skills,
        cases=one.cases,
        load=one.load,
        away_until=one.away_until,
    )


def find_next(taker: StaffMember) -> str | None:
    """Return the reference of the case that is next for a person, locked on PostgreSQL, so that nobody else finds it.

    Of the cases that nobody owns, in their queues, without those that ask for a skill they lack and a colleague has:
    the first by due date.
    """
    work = work_of([taker.id])[taker.id]
    held = _held_skills()
    lacking = [skill for skill in skills().values() if skill.id not in work.skills and skill.id in held]
    statement = select(Case.reference).where(
        visible_to(taker),
        ownable_by(taker.id),
        Case.owner_id.is_(None),
        is_open(),
        *([Case.queue.in_(work.queues)] if work.queues else []),
        *(~_asks_for(skill) for skill in lacking),
    )
    return next(iter(first_due(statement.with_for_update(skip_locked=True), 1)), None)


def _held_skills() -> frozenset[str]:
    working = [person.id for person in list_assignable()]
    rows = db.session.scalars(select(StaffSkill.skill).where(StaffSkill.user_id.in_(working)).distinct())
    return frozenset(rows)


def _asks_for(skill: Skill) -> ColumnElement[bool]:
    if skill.field is Asks.QUEUE:
        return Case.queue == skill.value
    if skill.field is Asks.REGIME:
        return func.coalesce(Case.regime, "") == skill.value
    return select(Report.id).where(Report.case_id == Case.id, Report.language == skill.value).exists()


def list_owned(owner_id: UUID, viewer: StaffMember) -> Sequence[Case]:
    """Return the open cases of a person that the viewer may see, in due order; at most HANDED_OVER_AT_ONCE."""
    return first_due(visible_cases(viewer).where(Case.owner_id == owner_id, is_open()), HANDED_OVER_AT_ONCE)
