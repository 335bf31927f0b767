"""The recommendation ledger: make, answer, check."""

from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import RecommendationMade
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import seal, seal_json
from mystery_shopper.interventions.models import Answer, Implemented, NoticeEvidence, Recommendation
from mystery_shopper.interventions.queries import find_recommendation_by_submission

TEXT = "text"
ADDRESSEE = "addressee"


def make_recommendation(
    case: Case,
    text: str,
    *,
    addressee: str,
    rule_id: str | None,
    made_on: date,
    submission_id: UUID,
    maker: StaffMember,
    now: datetime,
) -> Recommendation:
    """Record a recommendation. Its addressee (mostly the authority) reads it, so it passes the disclosure gate.

    Returns:
        The recommendation; the one recorded before when the form was sent twice.

    Raises:
        DisclosureError: the reporter can be recognised in it.
        DomainError: the day is in the future.
    """
    known = find_recommendation_by_submission(submission_id)
    if known is not None:
        return known
    _not_in_future(made_on, now, "made_on")
    check_texts(case, {TEXT: text, ADDRESSEE: addressee})
    row_id = new_id()
    row = Recommendation(
        id=row_id,
        case_id=case.id,
        submission_id=submission_id,
        rule_id=rule_id,
        made_on=made_on,
        made_by=maker.id,
        recorded_at=now,
        text_sealed=seal(case.data_key, text, f"recommendations.text:{row_id}"),
        addressee_sealed=seal(case.data_key, addressee, f"recommendations.addressee:{row_id}"),
    )
    db.session.add(row)
    _record(case, row, "made", actor=maker.actor, now=now)
    return row


def answer_recommendation(
    case: Case,
    row: Recommendation,
    answer: Answer,
    *,
    answered_on: date,
    reason: str,
    check_on: date | None,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Record what the authority said, and the day to check whether it was done.

    Raises:
        StaleEditError: somebody recorded an answer since the page was opened.
        DomainError: a day that cannot be, or no day to check an accepted recommendation.
    """
    _check_version(row, version)
    _not_in_future(answered_on, now, "answered_on")
    if answered_on < row.made_on:
        raise DomainError("The day of the answer must not be before the recommendation", field="answered_on")
    if answer in (Answer.ACCEPTED, Answer.PARTLY) and check_on is None:
        raise DomainError("Enter the day to check whether it was done", field="check_on")
    if check_on is not None and check_on < answered_on:
        raise DomainError("The day to check must not be before the answer", field="check_on")
    row.answer = answer
    row.answered_on = answered_on
    row.check_on = check_on
    row.answer_reason_sealed = seal(case.data_key, reason, f"recommendations.answer_reason:{row.id}")
    _record(case, row, f"answered: {answer.value}", actor=actor, now=now)


def check_recommendation(
    case: Case,
    row: Recommendation,
    implemented: Implemented,
    *,
    checked_on: date,
    note: str,
    evidence: NoticeEvidence | None = None,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Record whether the authority did what was recommended, and how it was seen.

    `evidence` are two frozen copies of a notice of the case; what differs between them is shown beside the check.

    Raises:
        StaleEditError: somebody recorded a check since the page was opened.
        DomainError: a day that cannot be, or a recommendation that has not been answered.
    """
    _check_version(row, version)
    _not_in_future(checked_on, now, "checked_on")
    if row.answer is None:
        raise DomainError("Record the authority's answer first")
    row.implemented = implemented
    row.checked_on = checked_on
    row.check_note_sealed = seal(case.data_key, note, f"recommendations.check_note:{row.id}")
    context = f"recommendations.evidence:{row.id}"
    row.evidence_sealed = seal_json(case.data_key, evidence.to_json(), context) if evidence else None
    shown = ", shown by the amended notice" if evidence else ""
    _record(case, row, f"checked: implemented {implemented.value}{shown}", actor=actor, now=now)


def _check_version(row: Recommendation, version: int) -> None:
    if row.version != version:
        raise StaleEditError("Somebody else changed this recommendation while you were working on it.")


def _not_in_future(day: date, now: datetime, field: str) -> None:
    if day > day_of(now):
        raise DomainError("The day must be today or in the past", field=field)


def _record(case: Case, row: Recommendation, status: str, *, actor: str, now: datetime) -> None:
    record(case, RecommendationMade(recommendation_id=str(row.id), status=status), actor=actor, now=now)
