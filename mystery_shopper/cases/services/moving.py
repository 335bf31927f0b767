"""Steps of a case: state, owner, route, clocks. `move` is the only function that sets a state."""

from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.models import User
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.events import CaseAssigned, CaseRouted, DetailsCorrected, StateChanged
from mystery_shopper.cases.models import Case, Priority
from mystery_shopper.cases.ownership import absence_refusal, ownership_refusal
from mystery_shopper.cases.queries import find_pause, list_reports
from mystery_shopper.cases.services.clocks import MOVED_ON, end_pause, recount, start_step
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CLOSED_STATES, CaseState, can_move, waiting_for
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, StaleEditError, TransitionNotAllowedError
from mystery_shopper.core.vault import seal

ROUTED_AGAIN = "the case was routed again"


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
    paused = find_pause(case)
    if paused is not None:
        end_pause(case, paused, reason=MOVED_ON, actor=actor, now=now)
    start_step(case, new, today)
    recount(case, why=MOVED_ON, actor=actor, now=now)
    record(case, StateChanged(old=old, new=new, reason=reason), actor=actor, now=now)


def route(
    case: Case, *, queue: str, priority: Priority, target_on: date, scope: str, row: int, actor: str, now: datetime
) -> None:
    """Put a case in a queue with a priority and a target date (row = line of the routing table that decided)."""
    case.queue = queue
    case.priority = priority
    case.target_on = case.target_base_on = target_on
    case.scope = scope
    event = CaseRouted(queue=queue, priority=priority, target_on=target_on.isoformat(), scope=scope, row=row)
    record(case, event, actor=actor, now=now)
    recount(case, why=ROUTED_AGAIN, actor=actor, now=now)


def assign(case: Case, owner: User | None, *, actor: str, now: datetime, reason: str = "") -> None:
    """Give a case to a caseworker, or put it back in its queue.

    Raises:
        DomainError: the person may not own this case (`cases.ownership`), or is away and does not take it themselves.
    """
    refusal = ownership_refusal(case, owner) if owner is not None else None
    if owner is not None and refusal is None and actor != owner.actor:
        refusal = absence_refusal(owner, day_of(now))
    if refusal is not None:
        raise DomainError(refusal, field="owner")
    case.owner = owner
    event = CaseAssigned(owner_id=str(owner.id) if owner else "", owner_name=owner.name if owner else "", reason=reason)
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
