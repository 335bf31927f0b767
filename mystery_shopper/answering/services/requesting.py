"""What officers ask of us: what we mean, more time, a colleague in their place; and their reply to a text."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from mystery_shopper.answering.events import AuthorityWrote
from mystery_shopper.answering.models import InquiryRequest
from mystery_shopper.answering.policy import Limit, Person, limits
from mystery_shopper.answering.queries import OpenPage, count_waiting, has_replied
from mystery_shopper.answering.states import AT_ONCE, KIND_LABELS, RequestKind
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import AUTHORITY
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import seal_json


def ask_what_is_meant(page: OpenPage, text: str, *, now: datetime) -> None:
    """Ask us what we mean.

    Raises:
        DomainError: the answer was sent, or too much waits for us.
    """
    add_request(page, RequestKind.CLARIFICATION, {"text": text}, now=now)


def ask_for_time(page: OpenPage, until: date, text: str, *, now: datetime) -> None:
    """Ask for more time, until a day, with a reason.

    Raises:
        DomainError: as `ask_what_is_meant`, or the day is not after the one the answer is due.
    """
    due = page.inquiry.intervention.response_due_on
    if until <= day_of(now) or (due is not None and until <= due):
        raise DomainError(_("The day must be in the future, and after the day the answer is due"), field="until")
    add_request(page, RequestKind.MORE_TIME, {"text": text, "until": until.isoformat()}, now=now)


def name_colleague(page: OpenPage, person: Person, text: str, *, takes_over: bool, now: datetime) -> None:
    """Name a colleague who is to answer too, or instead. Nothing is sent to them before a caseworker agrees.

    Raises:
        DomainError: as `ask_what_is_meant`.
    """
    content = {"text": text, "person": asdict(person), "takes_over": takes_over}
    add_request(page, RequestKind.COLLEAGUE, content, now=now)


def reply_to_entry(page: OpenPage, text: str, *, now: datetime) -> None:
    """Reply to the text we want to publish, once.

    Raises:
        DomainError: no text was offered, or there is a reply already.
    """
    if page.inquiry.entry_sealed is None:
        raise DomainError(_("There is no text to reply to"))
    if has_replied(page.inquiry):
        raise DomainError(_("Your organisation has replied already"))
    add_request(page, RequestKind.REPLY, {"text": text}, now=now)


def add_request(page: OpenPage, kind: RequestKind, content: Mapping[str, object], *, now: datetime) -> None:
    """Put something before the caseworker.

    Raises:
        DomainError: it comes after the answer was sent, or too much waits already.
    """
    if kind in AT_ONCE and page.inquiry.sent_at is not None:
        raise DomainError(_("Your answer has been sent. Use the contact on the page if something is wrong"))
    if kind in AT_ONCE and count_waiting(page.inquiry) >= limits()[Limit.WAITING]:
        raise DomainError(_("We have not replied to your last messages yet. Use the contact on the page"))
    row_id = new_id()
    db.session.add(
        InquiryRequest(
            id=row_id,
            inquiry_id=page.inquiry.id,
            case_id=page.case.id,
            officer_id=page.officer.id,
            kind=kind,
            content_sealed=seal_json(page.key, dict(content), f"inquiry_requests.content:{row_id}"),
            made_at=now,
        )
    )
    db.session.flush()
    record(page.case, AuthorityWrote(request_id=str(row_id), what=KIND_LABELS[kind]), actor=AUTHORITY, now=now)
