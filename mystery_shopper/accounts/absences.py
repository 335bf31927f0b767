"""Out of office: who is away, until when, and who stands in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.models import Absence, User
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError

SUBJECT = "account"


def find_absence(user_id: UUID, day: date) -> Absence | None:
    """Return the absence that covers a day, None when the person is here."""
    return absences_on([user_id], day).get(user_id)


def absences_on(user_ids: Collection[UUID], day: date) -> Mapping[UUID, Absence]:
    """Return the absences of several people that cover a day, by person; of several the one that ends last."""
    if not user_ids:
        return {}
    rows = db.session.scalars(
        select(Absence)
        .where(Absence.user_id.in_(user_ids), Absence.starts_on <= day, Absence.ends_on >= day)
        .order_by(Absence.ends_on)
    )
    return {row.user_id: row for row in rows}


def deputies_on(day: date) -> Mapping[UUID, frozenset[UUID]]:
    """Return for whom each deputy stands in on a day."""
    rows = db.session.execute(
        select(Absence.deputy_id, Absence.user_id).where(Absence.starts_on <= day, Absence.ends_on >= day)
    )
    found: dict[UUID, set[UUID]] = {}
    for deputy_id, user_id in rows:
        if deputy_id is not None:
            found.setdefault(deputy_id, set()).add(user_id)
    return {deputy_id: frozenset(users) for deputy_id, users in found.items()}


def next_absence(user_id: UUID, day: date) -> Absence | None:
    """Return the absence that lasts on a day or is the next to come, None when none is planned."""
    return db.session.scalar(
        select(Absence)
        .where(Absence.user_id == user_id, Absence.ends_on >= day)
        .order_by(Absence.starts_on, Absence.id)
        .limit(1)
    )


@dataclass(frozen=True)
class AbsenceView:
    """An absence in words for a page; `deputy` is empty when nobody stands in."""

    ends_on: date
    deputy: str


def describe_absence(user_id: UUID | None, day: date) -> AbsenceView | None:
    """Return until when a person is away and who stands in, None when they are here (or there is nobody)."""
    if user_id is None:
        return None
    row = db.session.execute(
        select(Absence.ends_on, User.name)
        .outerjoin(User, User.id == Absence.deputy_id)
        .where(Absence.user_id == user_id, Absence.starts_on <= day, Absence.ends_on >= day)
        .order_by(Absence.ends_on.desc())
        .limit(1)
    ).first()
    return None if row is None else AbsenceView(row[0], row[1] or "")


def stand_in_for(user_id: UUID, day: date) -> UUID:
    """Return who gets what is meant for a person on a day: their deputy while they are away.

    It is not passed on further, because only the deputy may see the cases: where the deputy is away too it stays with
    the person.
    """
    absence = find_absence(user_id, day)
    if absence is None or absence.deputy_id is None or find_absence(absence.deputy_id, day) is not None:
        return user_id
    return absence.deputy_id


def set_absence(
    user: User, *, starts_on: date, ends_on: date, deputy: User | None, today: date, actor: str, now: datetime
) -> Absence:
    """Put down when a person is away and who stands in; what was put down for later or for now is replaced.

    Raises:
        DomainError: the days are in the past or in the wrong order, or the deputy is the person or is away then.
    """
    if ends_on < starts_on:
        raise DomainError("The last day must not be before the first", field="ends_on")
    if ends_on < today:
        raise DomainError("The last day must be today or later", field="ends_on")
    if deputy is not None:
        _check_deputy(user, deputy, starts_on, ends_on)
    _remove_coming(user.id, today)
    row = Absence(
        id=new_id(),
        user_id=user.id,
        deputy_id=deputy.id if deputy else None,
        starts_on=starts_on,
        ends_on=ends_on,
        set_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(Action.ABSENCE_SET, actor=actor, subject=SUBJECT, subject_id=user.id, now=now)
    return row


def end_absence(user: User, *, today: date, actor: str, now: datetime) -> None:
    """Note that a person is back, and take back what was put down for later. Safe to repeat."""
    if _remove_coming(user.id, today):
        audit.record(Action.ABSENCE_ENDED, actor=actor, subject=SUBJECT, subject_id=user.id, now=now)


def _check_deputy(user: User, deputy: User, starts_on: date, ends_on: date) -> None:
    if deputy.id == user.id:
        raise DomainError("Select somebody else to stand in", field="deputy")
    if deputy.is_disabled:
        raise DomainError(f"{deputy.name} does not work here any more. Select somebody else.", field="deputy")
    clash = db.session.scalar(
        select(Absence)
        .where(Absence.user_id == deputy.id, Absence.starts_on <= ends_on, Absence.ends_on >= starts_on)
        .limit(1)
    )
    if clash is not None:
        until = f"from {format_day(clash.starts_on)} to {format_day(clash.ends_on)}"
        raise DomainError(f"{deputy.name} is away {until}. Select somebody else.", field="deputy")


def _remove_coming(user_id: UUID, today: date) -> int:
    rows = db.session.scalars(select(Absence).where(Absence.user_id == user_id, Absence.ends_on >= today)).all()
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return len(rows)
