"""Holds as the pages place them: on the record, and on the timeline of the case they are on."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import find_user_by_email
from mystery_shopper.authorities.queries import match_name
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import find_join, get_case_for_update
from mystery_shopper.cases.services import record
from mystery_shopper.core.errors import DomainError
from mystery_shopper.holds import services as holds
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import EVERYTHING, GROUND_LABELS, HoldGround, HoldScope, Subject
from mystery_shopper.holds.queries import find_by_submission, lock_for_placing
from mystery_shopper.requests.queries import find_request
from mystery_shopper.retention.events import HoldLifted, HoldPlaced
from mystery_shopper.suggestions.queries import find_reference


def hold_case(
    case: Case, ground: HoldGround, *, reason: str, review_on: date, submission_id: UUID, by: StaffMember, now: datetime
) -> LegalHold:
    """Place a hold on a case, with every report in it; the same form sent twice places one."""
    known = find_by_submission(submission_id)
    if known is not None:
        return known
    subject = Subject(HoldScope.CASE, case.id)
    hold = holds.place(
        subject, ground, reason=reason, review_on=review_on, submission_id=submission_id, by_id=by.id, now=now
    )
    event = HoldPlaced(ground=GROUND_LABELS[ground], review_on=review_on.isoformat(), reason=reason)
    record(case, event, actor=by.actor, now=now)
    return hold


def hold_widely(
    scope: HoldScope,
    name: str,
    ground: HoldGround,
    *,
    reason: str,
    review_on: date,
    submission_id: UUID,
    by: StaffMember,
    now: datetime,
) -> LegalHold:
    """Place a hold on one record that is no case, on every case about an authority, or on everything.

    `name`: the reference of the record, the address of the account, or the authority as the register knows it.

    Raises:
        DomainError: there is no such record or authority, or the day of review is not in the future.
    """
    lock_for_placing()  # Before it is looked for: what is being destroyed is gone by then.
    subject = Subject(scope, FINDERS[scope](name)) if scope in FINDERS else EVERYTHING
    return holds.place(
        subject, ground, reason=reason, review_on=review_on, submission_id=submission_id, by_id=by.id, now=now
    )


def _authority(name: str) -> UUID:
    found = match_name(name).key
    if found is None:
        raise DomainError("Enter a name that is in the register of authorities", field="authority")
    return found


def _suggestion(reference: str) -> UUID:
    found = find_reference(reference.strip().upper())
    if found is None or found.erased_on is not None:
        raise DomainError("Enter the reference of a suggestion that was not erased", field="suggestion")
    return found.id


def _request(reference: str) -> UUID:
    found = find_request(reference.strip().upper())
    if found is None or found.erased_on is not None:
        raise DomainError("Enter the reference of a request that was not erased", field="request")
    return found.id


def _account(email: str) -> UUID:
    found = find_user_by_email(email)
    if found is None or found.erased_on is not None:
        raise DomainError("Enter the email address of an account that was not erased", field="account")
    return found.id


FINDERS: dict[HoldScope, Callable[[str], UUID]] = {
    HoldScope.AUTHORITY: _authority,
    HoldScope.SUGGESTION: _suggestion,
    HoldScope.REQUEST: _request,
    HoldScope.ACCOUNT: _account,
}
"""How what a hold is to be on is found by its name."""


def lift_hold(hold: LegalHold, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Lift a hold, and say so on the timeline of the case it was on, and of those it has become part of since."""
    holds.lift(hold, reason=reason, by_id=by.id, now=now)
    next_id = hold.subject_id if hold.scope is HoldScope.CASE else None
    while next_id is not None:
        case = get_case_for_update(next_id)
        record(case, HoldLifted(reason=reason), actor=by.actor, now=now)
        join = find_join(case)
        next_id = None if join is None else join.kept_id
