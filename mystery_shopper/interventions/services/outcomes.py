"""Recording the outcome of a case. A correction adds a row; the one before stays on record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import OutcomeRecorded
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import check_version, move, record
from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import seal, seal_json
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.models import Outcome, OutcomeCode, Upheld
from mystery_shopper.interventions.policy import check_change, check_outcome
from mystery_shopper.interventions.queries import find_outcome, find_outcome_by_submission


@dataclass(frozen=True, kw_only=True)
class NewOutcome:
    """An outcome to record. `before` and `after` are values of the basis fact, as the facts registry types them."""

    submission_id: UUID
    code: OutcomeCode
    upheld: Upheld
    positive: bool
    reached_on: date
    summary: str
    basis_fact_id: str | None = None
    before: FactValue | None = None
    after: FactValue | None = None
    money_freed_pence: int = 0
    moves_case: bool = False


def record_outcome(case: Case, new: NewOutcome, *, version: int, recorder: StaffMember, now: datetime) -> Outcome:
    """Record what came of a case; with `moves_case` the case goes to "outcome recorded".

    Returns:
        The outcome; the one recorded before when the form was sent twice.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        OutcomeNotAllowedError: the parts contradict each other, or a positive outcome rests on nothing.
        DomainError: a day in the future, or a basis without its values.
    """
    known = find_outcome_by_submission(new.submission_id)
    if known is not None:
        return known
    check_version(case, version)
    _check(new, day_of(now))
    old = find_outcome(case)
    if old is not None:
        old.is_current = False
        db.session.flush()
    row = _row(case, new, recorder, now)
    db.session.add(row)
    event = OutcomeRecorded(code=new.code.value, upheld=new.upheld.value, positive=new.positive)
    record(case, event, actor=recorder.actor, now=now)
    if new.moves_case and can_move(case.state, CaseState.OUTCOME_RECORDED):
        move(case, CaseState.OUTCOME_RECORDED, actor=recorder.actor, now=now)
    return row


def _check(new: NewOutcome, today: date) -> None:
    check_outcome(
        new.code,
        new.upheld,
        positive=new.positive,
        basis_fact_id=new.basis_fact_id,
        money_freed_pence=new.money_freed_pence,
    )
    if new.reached_on > today:
        raise DomainError("The day of the outcome must be today or in the past", field="reached_on")
    if new.basis_fact_id is not None:
        if new.basis_fact_id not in registry():
            raise DomainError("Select the fact that shows what got better", field="basis_fact_id")
        if new.after is None:
            raise DomainError("Enter the value after the change", field="after")
        check_change(new.before, new.after, positive=new.positive, money_freed_pence=new.money_freed_pence)


def _row(case: Case, new: NewOutcome, recorder: StaffMember, now: datetime) -> Outcome:
    row_id = new_id()
    return Outcome(
        id=row_id,
        case_id=case.id,
        submission_id=new.submission_id,
        is_current=True,
        code=new.code,
        upheld=new.upheld,
        positive=new.positive,
        basis_fact_id=new.basis_fact_id,
        money_freed_pence=new.money_freed_pence,
        reached_on=new.reached_on,
        recorded_at=now,
        recorded_by=recorder.id,
        before_sealed=_sealed(case, new.basis_fact_id, new.before, f"outcomes.before:{row_id}"),
        after_sealed=_sealed(case, new.basis_fact_id, new.after, f"outcomes.after:{row_id}"),
        summary_sealed=seal(case.data_key, new.summary, f"outcomes.summary:{row_id}"),
    )


def _sealed(case: Case, fact_id: str | None, value: FactValue | None, context: str) -> bytes | None:
    if fact_id is None or value is None:
        return None
    written: Any = to_json(registry()[fact_id], value)
    return seal_json(case.data_key, written, context)
