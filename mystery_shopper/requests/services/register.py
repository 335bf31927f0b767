"""The life of a request: recorded, clarified, cases named and held, extended, answered, reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.queries import lock_for_append
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import find_report_by_receipt
from mystery_shopper.cases.services import record
from mystery_shopper.core import receipts
from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.holidays import calendars
from mystery_shopper.core.vault import DataKey, create_data_key, seal_json
from mystery_shopper.holds import services as holds
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.requests.events import CaseNamedInRequest
from mystery_shopper.requests.models import InfoRequest, RequestCase, RequestPause, content_context
from mystery_shopper.requests.policy import INTERNAL_REVIEW, clocks, decision_labels, exemptions, kinds
from mystery_shopper.requests.queries import (
    count_of_year,
    find_by_submission,
    is_named,
    list_pauses,
    spans_of,
)
from mystery_shopper.requests.states import Decision, Requester, RequestKind, RequestState


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """A request as it came. `requester` and `contact` may be empty in nothing but a test."""

    kind: RequestKind
    about: Requester | None
    requester: str
    contact: str
    words: str
    received_on: date
    submission_id: UUID


def holidays_anywhere() -> frozenset[date]:
    """Return every bank holiday of any part of the United Kingdom: none of them counts (section 10(6))."""
    return frozenset().union(*(calendar.holidays for calendar in calendars().values()))


def record_request(new: NewRequest, *, by: StaffMember, now: datetime) -> InfoRequest:
    """Put a request in its register and start its clock; the same form sent twice records one.

    Raises:
        DomainError: it came on a day that has not been.
    """
    lock_for_append(db.session())  # two at once would count to the same reference
    known = find_by_submission(new.submission_id)
    if known is not None:
        return known
    if new.received_on > day_of(now):
        raise DomainError("Day it came must be today or in the past", field="received_on")
    request_id, key = new_id(), create_data_key(now)
    content = {"requester": new.requester, "contact": new.contact, "words": new.words}
    request = InfoRequest(
        id=request_id,
        reference=_next_reference(new.kind, now),
        kind=new.kind,
        about=new.about,
        received_on=new.received_on,
        due_on=clocks()[new.kind].due_on(new.received_on, (), holidays_anywhere()),
        acknowledge_by=clocks()[new.kind].acknowledge_by(new.received_on),
        exemption_ids=[],
        recorded_at=now,
        recorded_by_id=by.id,
        data_key=key,
        content_sealed=_seal(request_id, key, content),
        submission_id=new.submission_id,
    )
    db.session.add(request)
    db.session.flush()
    _note(Action.REQUEST_RECORDED, request, by, now)
    return request


def _next_reference(kind: RequestKind, now: datetime) -> str:
    prefix = f"{kinds()[kind].prefix}-{now.year}-"
    return f"{prefix}{count_of_year(prefix) + 1:04}"


def check_version(request: InfoRequest, version: int) -> None:
    """Refuse to go on with a page that shows an older state of the request.

    Raises:
        StaleEditError: somebody saved since the page was opened.
    """
    if request.version != version:
        raise StaleEditError(f"Somebody else changed {request.reference} while you were working on it.")


def acknowledge(request: InfoRequest, *, on: date, by: StaffMember, now: datetime) -> None:
    """Record that whoever complained was told that the complaint came.

    Raises:
        DomainError: it needs no acknowledgement, or has one, or the day cannot be.
    """
    if request.acknowledge_by is None or request.acknowledged_on is not None:
        raise DomainError(f"{request.reference} needs no acknowledgement")
    _check_day(on, request, now, "day")
    request.acknowledged_on = on
    _changed(request, by, now)


def ask_requester(request: InfoRequest, *, asked_on: date, by: StaffMember, now: datetime) -> None:
    """Record that the requester was asked what they mean or who they are; the clock does as its law says.

    Raises:
        DomainError: the request is not open, or the day cannot be.
    """
    _check(request, RequestState.OPEN)
    _check_day(asked_on, request, now, "asked_on")
    db.session.add(RequestPause(request_id=request.id, asked_on=asked_on))
    request.state = RequestState.CLARIFYING
    _changed(request, by, now)


def note_answer(request: InfoRequest, *, answered_on: date, by: StaffMember, now: datetime) -> None:
    """Record that the requester answered, and set the clock again.

    Raises:
        DomainError: nobody was asked, or the answer came before the question.
    """
    _check(request, RequestState.CLARIFYING)
    pause = list_pauses(request)[-1]
    _check_day(answered_on, request, now, "answered_on")
    if answered_on < pause.asked_on:
        raise DomainError("Day of the answer must be on or after the day you asked", field="answered_on")
    pause.answered_on = answered_on
    request.state = RequestState.OPEN
    db.session.flush()
    _count_again(request)
    _changed(request, by, now)


def _count_again(request: InfoRequest) -> None:
    clock = clocks()[request.kind]
    request.due_on = clock.due_on(
        request.received_on, spans_of(request), holidays_anywhere(), is_extended=request.is_extended
    )


def extend(request: InfoRequest, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Take the further time the law gives, with the reason that must be told to the requester.

    Raises:
        DomainError: the law gives none, it was taken, or the first period is over.
    """
    _check(request, RequestState.OPEN)
    if not clocks()[request.kind].extension_months:
        raise DomainError("The law gives no further time for this kind of request")
    if request.is_extended:
        raise DomainError("This request was extended already")
    if day_of(now) > request.due_on:
        raise DomainError("The requester must be told within the first period, which is over")
    request.is_extended = True
    _write(request, extension=reason)
    _count_again(request)
    _changed(request, by, now)


def name_case(request: InfoRequest, case: Case, *, by: StaffMember, now: datetime) -> None:
    """Name a case that holds what is asked for. It is on hold from now on: nothing asked for is destroyed."""
    if is_named(request, case):
        return
    hold = holds.place(
        Subject(HoldScope.CASE, case.id),
        kinds()[request.kind].hold_ground,
        reason=f"Request {request.reference}",
        review_on=add_months(max(request.due_on, day_of(now)), clocks()[request.kind].held_months),
        submission_id=uuid5(request.id, str(case.id)),
        by_id=by.id,
        now=now,
    )
    db.session.add(RequestCase(request_id=request.id, case_id=case.id, hold_id=hold.id))
    record(case, CaseNamedInRequest(reference=request.reference), actor=by.actor, now=now)
    _changed(request, by, now)


def check_identity(request: InfoRequest, *, how: str, code: str, by: StaffMember, now: datetime) -> None:
    """Record that we know who asks. Somebody who reported proves it with their receipt code, and is nobody else.

    Raises:
        DomainError: it is not about somebody's own data, or the code opens no report in a case named in it.
    """
    if not kinds()[request.kind].about_somebody:
        raise DomainError("Only a request about somebody's own data needs proof of who asks")
    words = {"identity": how}
    if request.about is Requester.REPORTER:
        words["report_id"] = _report_of(request, code)
    request.identity_checked_on = day_of(now)
    _write(request, **words)
    _changed(request, by, now)


def _report_of(request: InfoRequest, code: str) -> str:
    report = find_report_by_receipt(receipts.digest(receipts.parse(code)))
    if report is None or db.session.get(RequestCase, (request.id, report.case_id)) is None:
        raise DomainError("Enter the receipt code of a report in a case named in this request", field="code")
    return str(report.id)


def decide(
    request: InfoRequest,
    decision: Decision,
    *,
    exemption_ids: Sequence[str],
    reason: str,
    by: StaffMember,
    now: datetime,
) -> None:
    """Record how the request was answered, and what was held against it.

    Raises:
        DomainError: it is not open, it cannot be answered so, an exemption is of another law, something is withheld
            under none, or nobody was proved to be who they say.
    """
    _check(request, RequestState.OPEN)
    if (request.kind, decision) not in decision_labels():
        raise DomainError("Select an answer this kind of request can have", field="decision")
    known = exemptions()
    if any(one not in known or known[one].kind is not request.kind for one in exemption_ids):
        raise DomainError("Select exemptions of the law this request is under", field="exemptions")
    if decision in (Decision.GIVEN_IN_PART, Decision.REFUSED) and not exemption_ids:
        raise DomainError("Select what was held against the request", field="exemptions")
    gives = decision in (Decision.GIVEN, Decision.GIVEN_IN_PART)
    if gives and kinds()[request.kind].about_somebody and request.identity_checked_on is None:
        raise DomainError("Check who asks before anything is given or changed", field="decision")
    request.decision, request.decided_on = decision, day_of(now)
    request.exemption_ids = list(exemption_ids)
    request.state = RequestState.ANSWERED
    _write(request, reason=reason)
    _changed(request, by, now)


def ask_review(request: InfoRequest, *, asked_on: date, by: StaffMember, now: datetime) -> None:
    """Record that the requester wants the answer looked at again, by somebody else, and start the clock of that.

    Raises:
        DomainError: it was not answered, was reviewed, or the law knows no review of it.
    """
    _check(request, RequestState.ANSWERED)
    if not kinds()[request.kind].has_review:
        raise DomainError("There is no internal review of this: the requester can go to the regulator")
    if request.reviewed_on is not None:
        raise DomainError("This request was reviewed already: the requester can go to the regulator")
    _check_day(asked_on, request, now, "asked_on")
    request.state = RequestState.REVIEW
    request.review_due_on = clocks()[INTERNAL_REVIEW].due_on(asked_on, (), holidays_anywhere())
    _changed(request, by, now)


def finish_review(request: InfoRequest, *, result: str, by: StaffMember, now: datetime) -> None:
    """Record what the review came to.

    Raises:
        DomainError: there is no review.
    """
    _check(request, RequestState.REVIEW)
    request.state, request.reviewed_on = RequestState.ANSWERED, day_of(now)
    _write(request, review=result)
    _changed(request, by, now)


def end_restriction(request: InfoRequest, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Take the mark off the cases a restriction names. Whoever asked for it is told before (article 18(3)).

    Raises:
        DomainError: it is no restriction that stands.
    """
    stands = request.decision in (Decision.GIVEN, Decision.GIVEN_IN_PART) and request.restriction_ended_on is None
    if not kinds()[request.kind].restricts or not stands:
        raise DomainError(f"{request.reference} restricts nothing now")
    request.restriction_ended_on = day_of(now)
    _write(request, restriction_ended=reason)
    _changed(request, by, now)


def _check(request: InfoRequest, state: RequestState) -> None:
    if request.state is not state:
        raise DomainError(f"{request.reference} has moved on: this step is not open now")


def _check_day(day: date, request: InfoRequest, now: datetime, field: str) -> None:
    if not request.received_on <= day <= day_of(now):
        raise DomainError("The day must be from the day the request came up to today", field=field)


def _write(request: InfoRequest, **words: str) -> None:
    request.content_sealed = _seal(request.id, request.data_key, {**request.content, **words})


def _seal(request_id: UUID, key: DataKey, content: dict[str, str]) -> bytes:
    return seal_json(key, content, content_context(request_id))


def _changed(request: InfoRequest, by: StaffMember, now: datetime) -> None:
    db.session.flush()
    _note(Action.REQUEST_CHANGED, request, by, now)


def _note(action: Action, request: InfoRequest, by: StaffMember, now: datetime) -> None:
    audit.record(action, actor=by.actor, subject="request", subject_id=request.id, now=now)
