"""Writes of allocation: taking the next case, what people work on, handing over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from mystery_shopper.accounts.absences import find_absence
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.allocation.models import StaffQueue, StaffSkill
from mystery_shopper.allocation.policy import skills
from mystery_shopper.allocation.queries import find_next
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case, lock_cases
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.services import assign
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, NotFoundError


@dataclass(frozen=True)
class HandedOver:
    """What handing over did: the cases that went over, and the references that stayed, with the reason."""

    cases: tuple[str, ...]
    stayed: tuple[tuple[str, str], ...]


def take_next(taker: StaffMember, *, now: datetime) -> Case | None:
    """Give a person the next case that nobody owns. Two people never get the same.

    On PostgreSQL the row is locked while it is found and others pass over it; on SQLite the whole unit of work holds
    the only write lock.

    Returns:
        The case; None when there is none for this person.

    Raises:
        DomainError: the person is out of office.
    """
    if find_absence(taker.id, day_of(now)) is not None:
        raise DomainError("You are out of office, so no new case is given to you. Say that you are back first.")
    reference = find_next(taker)
    if reference is None:
        return None
    case = get_case(reference, taker)
    assign(case, get_user(taker.id), actor=taker.actor, now=now)
    return case


def choose_work(user: User, *, queues: Collection[str], known: Collection[str], actor: str, now: datetime) -> None:
    """Put down the queues a person takes cases from and what they can do; what was put down before is replaced.

    Raises:
        DomainError: there is no such queue or skill.
    """
    if not set(queues) <= set(QUEUE_LABELS):
        raise DomainError("Select queues from the list", field="queues")
    if not set(known) <= set(skills()):
        raise DomainError("Select skills from the list", field="skills")
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    db.session.execute(delete(StaffQueue).where(StaffQueue.user_id == user.id))
    db.session.execute(delete(StaffSkill).where(StaffSkill.user_id == user.id))
    db.session.add_all(StaffQueue(user_id=user.id, queue=queue) for queue in sorted(set(queues)))
    db.session.add_all(StaffSkill(user_id=user.id, skill=skill) for skill in sorted(set(known)))
    db.session.flush()
    audit.record(Action.WORK_CHOSEN, actor=actor, subject="account", subject_id=user.id, now=now)


def hand_over(
    references: Sequence[str], owner_id: UUID, to: User, giver: StaffMember, *, reason: str, now: datetime
) -> HandedOver:
    """Give several cases of one person to another. What cannot go over stays, and is named with the reason.

    Raises:
        DomainError: the other person is the owner.
    """
    if to.id == owner_id:
        raise DomainError("Select somebody else", field="to")
    lock_cases(references, giver)
    gone: list[str] = []
    stayed: list[tuple[str, str]] = []
    for reference in sorted(set(references)):
        try:
            case = get_case(reference, giver)
        except NotFoundError:
            continue
        if case.owner_id != owner_id:
            stayed.append((reference, "somebody gave it to another person meanwhile"))
            continue
        try:
            assign(case, to, actor=giver.actor, now=now, reason=reason)
        except DomainError as error:
            stayed.append((reference, error.message))
        else:
            gone.append(reference)
    return HandedOver(tuple(gone), tuple(stayed))
