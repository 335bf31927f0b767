"""Recording what was done towards the authority, and its answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import InterventionRecorded
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import check_version, move, record, set_step
from mystery_shopper.cases.states import CaseState, WaitingFor
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import seal
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.interventions.policy import (
    FORMAL_NOTICES,
    KIND_LABELS,
    InterventionKind,
    powers_open,
    response_due,
    step_after,
)
from mystery_shopper.interventions.queries import find_intervention_by_submission

SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True)
class NewIntervention:
    """Something that was done. `asked_for` is the day the answer is due by, None for the period of the law or none.

    `checked_as` is the text as it passed the gate before, where nothing but the days of sending was put into it since:
    what a second person let out stays let out.
    """

    submission_id: UUID
    kind: InterventionKind
    made_on: date
    summary: str
    asked_for: date | None = None
    moves_case: bool = False
    checked_as: str = ""


def record_intervention(
    case: Case, new: NewIntervention, *, version: int, maker: StaffMember, now: datetime
) -> Intervention:
    """Record something done towards the authority; with `moves_case` the case takes the step that follows from it.

    What was said or asked has gone to the authority or will: it passes the disclosure gate before it is recorded.
    A case that now waits for the authority is due when its answer is.

    Returns:
        The intervention; the one recorded before when the form was sent twice.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        DisclosureError: the reporter can be recognised in what was said.
        NoticeNotAllowedError: the law gives no such notice for this case, or another period.
        DomainError: the day is in the future, before the case, or nothing follows from this kind of intervention.
    """
    known = find_intervention_by_submission(new.submission_id)
    if known is not None:
        return known
    check_version(case, version)
    _check_day(case, new.made_on, day_of(now))
    check_texts(case, {SUMMARY: new.checked_as or new.summary})
    available = powers_open(case.received_on, case.procurement_started_on)
    row_id = new_id()
    row = Intervention(
        id=row_id,
        case_id=case.id,
        submission_id=new.submission_id,
        kind=new.kind,
        made_on=new.made_on,
        made_by=maker.id,
        recorded_at=now,
        response_due_on=response_due(new.kind, new.made_on, new.asked_for, available),
        summary_sealed=seal(case.data_key, new.summary, f"interventions.summary:{row_id}"),
    )
    db.session.add(row)
    event = InterventionRecorded(
        intervention_id=str(row_id), kind=KIND_LABELS[new.kind], made_on=new.made_on.isoformat()
    )
    record(case, event, actor=maker.actor, now=now)
    if new.moves_case:
        _move_after(case, row, actor=maker.actor, now=now)
    return row


def _check_day(case: Case, made_on: date, today: date) -> None:
    if made_on > today:
        raise DomainError("The day it was done must be today or in the past", field="made_on")
    if made_on < case.received_on:
        raise DomainError("The day it was done must not be before the report was received", field="made_on")


def _move_after(case: Case, row: Intervention, *, actor: str, now: datetime) -> None:
    step = step_after(row.kind, case.state)
    if step is None:
        message = f"{KIND_LABELS[row.kind]} does not move a case from this state. Leave the case where it is"
        raise DomainError(message, field="moves_case")
    move(case, step, actor=actor, now=now, reason=f"{KIND_LABELS[row.kind]}, {format_day(row.made_on)}")
    if case.waiting is WaitingFor.AUTHORITY and (row.response_due_on or row.kind in FORMAL_NOTICES):
        set_step(case, row.response_due_on, day_of(now))
        db.session.flush()


def record_response(
    case: Case,
    row: Intervention,
    *,
    received_on: date,
    text: str,
    moves_case: bool,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Record the authority's answer; with `moves_case` the case goes to "responded".

    Raises:
        StaleEditError: somebody recorded an answer since the page was opened.
        DomainError: the day is in the future or before the question.
    """
    if row.version != version:
        raise StaleEditError("Somebody else recorded an answer while you were working on it.")
    if received_on > day_of(now):
        raise DomainError("The day the answer came must be today or in the past", field="received_on")
    if received_on < row.made_on:
        raise DomainError("The day the answer came must not be before the day you asked", field="received_on")
    row.response_received_on = received_on
    row.response_sealed = seal(case.data_key, text, f"interventions.response:{row.id}")
    kind = f"answer to {KIND_LABELS[row.kind].lower()}"
    event = InterventionRecorded(intervention_id=str(row.id), kind=kind, made_on=received_on.isoformat())
    record(case, event, actor=actor, now=now)
    if moves_case:
        move(case, CaseState.RESPONDED, actor=actor, now=now, reason=f"Answer of {format_day(received_on)}")


def extend_response(case: Case, row: Intervention, until: date, *, actor: str, now: datetime) -> None:
    """Give the authority until a later day for its answer; a case that waits for it on the day before is due then.

    Raises:
        NoticeNotAllowedError: the law fixes the period of this notice, or the day is more than a year on.
        DomainError: the day is not after the one it has, or the answer is there.
    """
    if row.response_received_on is not None:
        raise DomainError("The answer is there already", field="until")
    if until < day_of(now) or (row.response_due_on is not None and until <= row.response_due_on):
        raise DomainError("The new day must be in the future, and after the day the answer is due now", field="until")
    available = powers_open(case.received_on, case.procurement_started_on)
    before, row.response_due_on = row.response_due_on, response_due(row.kind, row.made_on, until, available)
    if case.waiting is WaitingFor.AUTHORITY and case.step_set_on == before:
        set_step(case, until, day_of(now))
    kind = f"more time to answer {KIND_LABELS[row.kind].lower()}, until {format_day(until)}"
    record(
        case,
        InterventionRecorded(intervention_id=str(row.id), kind=kind, made_on=day_of(now).isoformat()),
        actor=actor,
        now=now,
    )
