"""Looking again after a case was closed: plan it, ask its reporters, say what came of it."""

from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.followup import FollowUpAsked
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import seal
from mystery_shopper.interventions.events import FollowUpDone, FollowUpPlanned
from mystery_shopper.interventions.models import CaseFollowUp
from mystery_shopper.interventions.policy import WITHOUT_FINDING, follow_up_months
from mystery_shopper.interventions.queries import find_open_follow_up, find_outcome
from mystery_shopper.interventions.states import Practice


def plan_follow_up(case: Case, *, actor: str, now: datetime) -> CaseFollowUp | None:
    """Plan to look again at a case that was closed with a finding; one that was planned before gets the later day.

    Units: months of the calendar from the day of closing.
    Source: interventions/data/follow_up.csv.

    Returns:
        The follow-up, None for a case without a finding: there is nothing to look at.
    """
    outcome = find_outcome(case)
    if outcome is None or outcome.code in WITHOUT_FINDING:
        return None
    due_on = add_months(day_of(now), follow_up_months())
    row = find_open_follow_up(case)
    if row is None:
        row = CaseFollowUp(id=new_id(), case_id=case.id, planned_at=now)
        db.session.add(row)
    row.due_on, row.asked_on = due_on, None
    db.session.flush()
    event = FollowUpPlanned(follow_up_id=str(row.id), due_on=due_on.isoformat())
    record(case, event, actor=actor, now=now)
    return row


def ask_reporters(case: Case, row: CaseFollowUp, *, now: datetime) -> None:
    """Ask the reporters of a case through their receipts whether the practice changed; asked once."""
    if row.asked_on is None:
        row.asked_on = day_of(now)
        record(case, FollowUpAsked(), actor=SYSTEM, now=now)


def settle_follow_up(
    case: Case, row: CaseFollowUp, result: Practice, *, note: str, version: int, by: StaffMember, now: datetime
) -> None:
    """Say what came of a case after it was closed. Its reporter is told.

    Raises:
        StaleEditError: somebody did it since the page was opened.
        DomainError: it has been done.
    """
    if row.version != version:
        raise StaleEditError("Somebody else looked at this case again while you were working on it.")
    if row.result is not None:
        raise DomainError("Somebody has looked at this case again already", field="result")
    row.result, row.done_on, row.done_by = result, day_of(now), by.id
    row.note_sealed = seal(case.data_key, note, f"case_follow_ups.note:{row.id}") if note else None
    event = FollowUpDone(follow_up_id=str(row.id), result=result.value)
    record(case, event, actor=by.actor, now=now)
