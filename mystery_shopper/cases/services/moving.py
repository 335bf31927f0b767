"""Steps of a case: state, owner, route, clocks. `move` is the only function that sets a state."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.models import User
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.events import CaseAssigned, CaseEvent, CaseRouted, DetailsCorrected, StateChanged, to_payload
from mystery_shopper.cases.models import Case, CaseEventRecord, Priority
from mystery_shopper.cases.policy import Due, DueKind, next_due, step_due
from mystery_shopper.cases.queries import list_joins, list_reports
from mystery_shopper.cases.states import CLOSED_STATES, CaseState, can_move, waiting_for
from mystery_shopper.core import events
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError, TransitionNotAllowedError
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import seal, seal_json


def record(case: Case, event: CaseEvent, *, actor: str, now: datetime) -> None:
    """Write what happened: the event row, the audit row, and the call to whoever listens. All or nothing."""
    row_id = new_id()
    db.session.add(
        CaseEventRecord(
            id=row_id,
            case_id=case.id,
            tag=event.tag,
            actor=actor,
            happened_at=now,
            payload_sealed=seal_json(case.data_key, to_payload(event), f"case_events.payload:{row_id}"),
        )
    )
    db.session.flush()
    audit.record(Action(event.tag), actor=actor, subject="case", subject_id=case.id, now=now)
    events.publish(event, events.Occasion(subject=case, actor=actor, now=now))


def check_version(case: Case, version: int) -> None:
    """Refuse to go on with a page that shows an older version of the case.

    Raises:
        StaleEditError: somebody saved since the page was opened.
    """
    if case.version != version:
        raise StaleEditError(f"Somebody else changed case {case.reference} while you were working on it.")


def move(case: Case, new: CaseState, *, actor: str, now: datetime, reason: str = "") -> None:
    """Take a case one step on, set its clock, and write the event.

    Raises:
        TransitionNotAllowedError: the step is not in the table of cases/states.py.
        DomainError: one of several reports is withdrawn: the others stand, so it must get a case of its own first.
    """
    if new is CaseState.WITHDRAWN and len(list_reports(case)) > 1:
        raise DomainError("Take the report that was withdrawn out of this case first. The other reports stand.")
    old = case.state
    if not can_move(old, new):
        raise TransitionNotAllowedError(reference=case.reference, from_state=old, to_state=new)
    today = day_of(now)
    case.state = new
    case.state_since = now
    case.waiting = waiting_for(new)
    case.closed_on = today if new in CLOSED_STATES else None
    step = step_due(new, today, bank_holidays())
    case.step_due_on = step.on if step else None
    refresh_due(case, today)
    record(case, StateChanged(old=old, new=new, reason=reason), actor=actor, now=now)


def next_tender(case: Case, today: date) -> date | None:
    """Return when the next tender of a case and of those joined to it closes; None when all have, or none is known."""
    return _next_tender(_together(case), today)


def _together(case: Case) -> list[Case]:
    return [case, *(join.joined for join in list_joins(case))]


def _next_tender(together: list[Case], today: date) -> date | None:
    return min((day for one in together if (day := one.tender_closes_on) and day >= today), default=None)


def refresh_due(case: Case, today: date) -> None:
    """Set the next date that matters from the clocks of the case and of those joined to it: the earliest counts."""
    kind = DueKind.STATUTORY if case.state is CaseState.FORMAL_NOTICE else DueKind.STEP
    step = Due(case.step_due_on, kind) if case.step_due_on else None
    together = _together(case)
    due = next_due(
        case.state,
        step=step,
        target_on=min((one.target_on for one in together if one.target_on), default=None),
        tender_closes_on=_next_tender(together, today),
        today=today,
    )
    case.due_on = due.on if due else None
    case.due_kind = due.kind if due else None


def refresh_passed_tenders(today: date) -> int:
    """Give every case whose tender has closed its next clock; return how many. Safe to repeat."""
    passed = db.session.scalars(
        select(Case).where(Case.due_kind == DueKind.TENDER, Case.due_on < today).order_by(Case.serial)
    ).all()
    for case in passed:
        refresh_due(case, today)
    db.session.flush()
    return len(passed)


def route(
    case: Case, *, queue: str, priority: Priority, target_on: date, scope: str, row: int, actor: str, now: datetime
) -> None:
    """Put a case in a queue with a priority and a target date (row = line of the routing table that decided)."""
    case.queue = queue
    case.priority = priority
    case.target_on = target_on
    case.scope = scope
    refresh_due(case, day_of(now))
    event = CaseRouted(queue=queue, priority=priority, target_on=target_on.isoformat(), scope=scope, row=row)
    record(case, event, actor=actor, now=now)


def assign(case: Case, owner: User | None, *, actor: str, now: datetime) -> None:
    """Give a case to a caseworker, or put it back in its queue.

    Raises:
        DomainError: the person is disabled or does not work on cases.
    """
    if owner is not None and (owner.is_disabled or Permission.CASE_WORK not in owner.permissions):
        raise DomainError(f"{owner.name} does not work on cases. Select somebody else.", field="owner")
    case.owner = owner
    event = CaseAssigned(owner_id=str(owner.id) if owner else "", owner_name=owner.name if owner else "")
    record(case, event, actor=actor, now=now)


def correct_title(case: Case, title: str, *, reason: str, actor: str, now: datetime) -> None:
    """Correct the title of the procurement; the report itself stays as it was sent."""
    old = case.title
    case.title_sealed = seal(case.data_key, title, f"cases.title:{case.id}")
    record(case, DetailsCorrected(field="Title", old=old, new=title, reason=reason), actor=actor, now=now)


def correct_authority(case: Case, authority_id: UUID, *, reason: str, actor: str, now: datetime) -> None:
    """Name the registered authority a case is about.

    Raises:
        DomainError: there is no such authority.
    """
    authority = db.session.get(Authority, authority_id)
    if authority is None:
        raise DomainError("Select an authority from the register", field="authority")
    old = case.authority_name
    case.authority = authority
    event = DetailsCorrected(field="Authority", old=old, new=authority.name, reason=reason)
    record(case, event, actor=actor, now=now)
