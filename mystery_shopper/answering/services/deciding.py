"""What a caseworker does with what came from the authority. What is written back passes the disclosure gate."""

from dataclasses import dataclass
from datetime import date, datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.answering.events import RequestDecided
from mystery_shopper.answering.models import Inquiry, InquiryRequest
from mystery_shopper.answering.policy import Person, expires_on
from mystery_shopper.answering.queries import get_officer, list_officers
from mystery_shopper.answering.services.inviting import CAN_OPEN, Invited, invite, revoke
from mystery_shopper.answering.states import DECISIONS, Decision, RequestKind
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import seal
from mystery_shopper.interventions.services import extend_response


@dataclass(frozen=True)
class Ruling:
    """What a caseworker decided: `reply` is what the officer reads, `until` the day more time is given to."""

    decision: Decision
    reply: str = ""
    until: date | None = None


def decide_request(
    case: Case, inquiry: Inquiry, row: InquiryRequest, ruling: Ruling, *, by: StaffMember, now: datetime
) -> Invited | None:
    """Deal with what came from the authority.

    Returns:
        The colleague who was invited, with the code to tell them, when that was agreed.

    Raises:
        DisclosureError: a reporter can be recognised in the reply.
        DomainError: it was dealt with already, or cannot be done.
    """
    if row.decision is not None:
        raise DomainError("Somebody has dealt with this already")
    if ruling.decision not in DECISIONS[row.kind]:
        raise DomainError("Select what you decide", field="decision")
    if ruling.reply:
        check_texts(case, {"reply": ruling.reply})
        row.reply_sealed = seal(case.data_key, ruling.reply, f"inquiry_requests.reply:{row.id}")
    row.decision, row.decided_at, row.decided_by_id = ruling.decision, now, by.id
    db.session.flush()
    is_more_time = ruling.decision is Decision.GRANTED and row.kind is RequestKind.MORE_TIME
    event = RequestDecided(
        request_id=str(row.id),
        officer_id=str(row.officer_id),
        decision=ruling.decision.value,
        until=format_day(ruling.until) if is_more_time and ruling.until else "",
    )
    record(case, event, actor=by.actor, now=now)
    if is_more_time:
        _give_time(case, inquiry, ruling.until, actor=by.actor, now=now)
    if ruling.decision is Decision.GRANTED and row.kind is RequestKind.COLLEAGUE:
        return _let_in(case, inquiry, row, actor=by.actor, now=now)
    return None


def _give_time(case: Case, inquiry: Inquiry, until: date | None, *, actor: str, now: datetime) -> None:
    if until is None:
        raise DomainError("Enter the day the answer is due now", field="until")
    extend_response(case, inquiry.intervention, until, actor=actor, now=now)
    for view in list_officers(case, inquiry, day_of(now)):
        if view.access in CAN_OPEN:
            view.row.expires_on = max(view.row.expires_on, expires_on(day_of(now), until))
    db.session.flush()


def _let_in(case: Case, inquiry: Inquiry, row: InquiryRequest, *, actor: str, now: datetime) -> Invited:
    content = row.content(case.data_key)
    invited = invite(case, inquiry, Person(**content["person"]), actor=actor, now=now)
    if content["takes_over"]:
        _inquiry, officer = get_officer(case, row.officer_id)
        revoke(case, officer, actor=actor, now=now)
    return invited
