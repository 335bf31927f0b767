"""Inviting officers of the authority, again if need be, and taking their access back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from mystery_shopper.answering import keys
from mystery_shopper.answering.events import OfficerInvited, OfficerRevoked
from mystery_shopper.answering.models import Inquiry, InquiryOfficer
from mystery_shopper.answering.policy import Limit, Person, expires_on, limits, new_code
from mystery_shopper.answering.queries import QuestionView, list_officers, list_questions
from mystery_shopper.answering.states import Access
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import seal_json

CAN_OPEN = frozenset({Access.INVITED, Access.OPENED})


@dataclass(frozen=True)
class Invited:
    """An officer who was invited, and the code to tell them: it stands nowhere else and is never shown again."""

    officer: InquiryOfficer
    code: str


def invite(case: Case, inquiry: Inquiry, person: Person, *, actor: str, now: datetime) -> Invited:
    """Invite an officer: the link goes by mail, the code is for the caseworker to tell them by telephone.

    The questions pass the disclosure gate again: a report may have joined the case since they were written.

    Raises:
        DisclosureError: a reporter can be recognised in a question, or in the officer's name, role or address.
        DomainError: there is no question yet, too many may open it, or this address was invited already.
    """
    today = day_of(now)
    questions = list_questions(case, inquiry)
    if not questions:
        raise DomainError("Write at least one question before you invite anybody", field="email")
    live = [one for one in list_officers(case, inquiry, today) if one.access in CAN_OPEN]
    if any(one.person.email.casefold() == person.email.casefold() for one in live):
        raise DomainError("This address was invited already. Make a new link for it instead", field="email")
    if len(live) >= limits()[Limit.OFFICERS]:
        raise DomainError(f"At most {limits()[Limit.OFFICERS]} people can be invited", field="email")
    _check_gate(case, person, questions)
    officer_id = new_id()
    officer = InquiryOfficer(
        id=officer_id,
        inquiry_id=inquiry.id,
        case_id=case.id,
        person_sealed=seal_json(case.data_key, asdict(person), f"inquiry_officers.person:{officer_id}"),
        issue=0,
        invited_at=now,
        expires_on=today,
    )
    db.session.add(officer)
    return _issue(case, inquiry, officer, actor=actor, now=now)


def invite_again(case: Case, inquiry: Inquiry, officer: InquiryOfficer, *, actor: str, now: datetime) -> Invited:
    """Make a new link and code for an officer; the old ones and the page that is open are worthless at once.

    Raises:
        DisclosureError: a reporter of a report that joined since can be recognised in what the officer would read.
        DomainError: their access was taken back: invite them anew.
    """
    if officer.revoked_at is not None:
        raise DomainError("The access of this person was taken back. Invite them anew if they may answer after all")
    _check_gate(case, officer.person(case.data_key), list_questions(case, inquiry))
    return _issue(case, inquiry, officer, actor=actor, now=now)


def _check_gate(case: Case, person: Person, questions: Sequence[QuestionView]) -> None:
    check_texts(case, asdict(person) | {f"question {one.row.position}": one.text for one in questions})


def _issue(case: Case, inquiry: Inquiry, officer: InquiryOfficer, *, actor: str, now: datetime) -> Invited:
    code = new_code()
    officer.issue += 1
    officer.token_hash = keys.hash_token(keys.token_of(officer.id, officer.issue))
    officer.code_mac = keys.hash_code(officer.token_hash, code)
    officer.expires_on = expires_on(day_of(now), inquiry.intervention.response_due_on)
    officer.session_hash = None
    db.session.flush()
    event = OfficerInvited(officer_id=str(officer.id), is_again=officer.issue > 1)
    record(case, event, actor=actor, now=now)
    return Invited(officer, code)


def revoke(case: Case, officer: InquiryOfficer, *, actor: str, now: datetime) -> None:
    """Take the access of an officer back: link, code and an open page are worthless at once. Twice is once."""
    if officer.revoked_at is not None:
        return
    officer.revoked_at = now
    officer.token_hash = officer.code_mac = officer.session_hash = None
    record(case, OfficerRevoked(officer_id=str(officer.id)), actor=actor, now=now)
