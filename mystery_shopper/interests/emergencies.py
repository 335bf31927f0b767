"""Access in an emergency: one case, past the rule of who may see it, for hours, with everybody told who must know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user, names_of
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.cases.access_events import EmergencyOpened
from mystery_shopper.cases.models import Case, EmergencyAccess
from mystery_shopper.cases.queries import get_case, visible_to
from mystery_shopper.cases.services import record
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.clock import LONDON
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.vault import seal, unseal
from mystery_shopper.interests.policy import emergency_until

SHOWN = 100


@dataclass(frozen=True)
class EmergencyView:
    """One line of the register. `reference` and `reason` are empty for a case that its reader may not see."""

    name: str
    reference: str
    reason: str
    opened_at: datetime
    until: datetime


def open_in_emergency(reference: str, *, reason: str, by: StaffMember, now: datetime) -> Case:
    """Give a person one case for a few hours. The case, seniors and auditors know of it at once.

    Raises:
        DomainError: there is no such case, or they can open it anyway.
    """
    try:
        get_case(reference, by)
    except NotFoundError:
        case = db.session.scalar(select(Case).where(Case.reference == reference, Case.erased_on.is_(None)))
    else:
        raise DomainError("You can open this case without emergency access", field="reference")
    if case is None:
        refused = Outcome.REFUSED
        audit.record(
            Action.EMERGENCY_OPENED, actor=by.actor, subject="case", subject_id="unknown", outcome=refused, now=now
        )
        raise DomainError("There is no case with this reference", field="reference")
    until, row_id = emergency_until(now), new_id()
    db.session.add(
        EmergencyAccess(
            id=row_id,
            user_id=by.id,
            case_id=case.id,
            opened_at=now,
            until=until,
            reason_sealed=seal(case.data_key, reason, f"emergency_accesses.reason:{row_id}"),
        )
    )
    user = get_user(by.id)
    user.emergency_case_id, user.emergency_until = case.id, until
    words = EmergencyOpened(access_id=str(row_id), name=by.name, until=_written(until), reason=reason)
    record(case, words, actor=by.actor, now=now)
    return case


def _written(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M} on {format_day(local.date())}"


def give_back(user: User, *, now: datetime) -> None:
    """End the access a person has in an emergency before its time. Safe to repeat."""
    if user.emergency_at(now) is None:
        return
    row = _last_of(user)
    row.given_back_at = now
    user.emergency_case_id = user.emergency_until = None
    db.session.flush()
    audit.record(Action.EMERGENCY_GIVEN_BACK, actor=user.actor, subject="case", subject_id=row.case_id, now=now)


def _last_of(user: User) -> EmergencyAccess:
    return db.session.scalars(
        select(EmergencyAccess)
        .where(EmergencyAccess.user_id == user.id, EmergencyAccess.case_id == user.emergency_case_id)
        .order_by(EmergencyAccess.opened_at.desc())
        .limit(1)
    ).one()


def find_open_reference(user: StaffMember) -> str | None:
    """Return the reference of the case a person has open in an emergency, None when there is none."""
    if user.emergency_case_id is None:
        return None
    return db.session.scalar(select(Case.reference).where(visible_to(user), Case.id == user.emergency_case_id))


def list_emergencies(viewer: StaffMember) -> Sequence[EmergencyView]:
    """Return the latest accesses in an emergency; of a case the viewer may not see, only who and when."""
    rows = db.session.scalars(select(EmergencyAccess).order_by(EmergencyAccess.opened_at.desc()).limit(SHOWN)).all()
    ids = {row.case_id for row in rows}
    cases = {case.id: case for case in db.session.scalars(select(Case).where(visible_to(viewer), Case.id.in_(ids)))}
    names = names_of({row.user_id for row in rows})
    return [_show(row, cases.get(row.case_id), names.get(row.user_id, "A former member of staff")) for row in rows]


def _show(row: EmergencyAccess, case: Case | None, name: str) -> EmergencyView:
    until = row.given_back_at or row.until
    if case is None:
        return EmergencyView(name, "", "", row.opened_at, until)
    reason = unseal(case.data_key, row.reason_sealed, f"emergency_accesses.reason:{row.id}")
    return EmergencyView(name, case.reference, reason, row.opened_at, until)
