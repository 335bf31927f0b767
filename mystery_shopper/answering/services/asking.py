"""Writing what the authority is to be asked. Each text passes the disclosure gate before it is kept."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.answering.events import EntryOffered, QuestionAdded, QuestionRemoved
from mystery_shopper.answering.models import Inquiry, InquiryOfficer, InquiryQuestion
from mystery_shopper.answering.policy import Contact, Limit, limits, new_reference
from mystery_shopper.answering.queries import find_inquiry_of, has_replied
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.vault import seal, seal_json
from mystery_shopper.interventions.models import Intervention

FROZEN = (
    "Somebody was invited already, so the questions can no longer be changed. Record another intervention to ask more"
)


def start_inquiry(case: Case, row: Intervention, contact: Contact, *, by: StaffMember, now: datetime) -> Inquiry:
    """Begin an inquiry for an intervention; the one there is when it was begun before.

    Raises:
        DisclosureError: a reporter can be recognised in whom the authority is to turn to.
        DomainError: the answer is on record already.
    """
    known = find_inquiry_of(row)
    if known is not None:
        return known
    if row.response_received_on is not None:
        raise DomainError("The authority's answer to this is on record already")
    check_texts(case, {"name": contact.name, "reach": contact.reach})
    inquiry_id = new_id()
    inquiry = Inquiry(
        id=inquiry_id,
        case_id=case.id,
        intervention_id=row.id,
        reference=new_reference(),
        contact_sealed=seal_json(case.data_key, asdict(contact), f"inquiries.contact:{inquiry_id}"),
        created_by_id=by.id,
        created_at=now,
    )
    db.session.add(inquiry)
    db.session.flush()
    return inquiry


def add_question(
    case: Case, inquiry: Inquiry, text: str, *, rule_id: str, question_id: UUID, actor: str, now: datetime
) -> None:
    """Add a question; the same form sent twice adds one.

    Raises:
        DisclosureError: a reporter can be recognised in it.
        DomainError: somebody was invited already, or there are too many.
    """
    if db.session.get(InquiryQuestion, question_id) is not None:
        return
    _check_open(inquiry)
    places = db.session.scalars(select(InquiryQuestion.position).where(InquiryQuestion.inquiry_id == inquiry.id)).all()
    if len(places) >= limits()[Limit.QUESTIONS]:
        raise DomainError(f"There can be {limits()[Limit.QUESTIONS]} questions at most", field="text")
    check_texts(case, {"text": text})
    db.session.add(
        InquiryQuestion(
            id=question_id,
            inquiry_id=inquiry.id,
            case_id=case.id,
            position=max(places, default=0) + 1,
            rule_id=rule_id,
            text_sealed=seal(case.data_key, text, f"inquiry_questions.text:{question_id}"),
        )
    )
    record(case, QuestionAdded(inquiry_id=str(inquiry.id), rule_id=rule_id), actor=actor, now=now)


def remove_question(case: Case, inquiry: Inquiry, question_id: UUID, *, actor: str, now: datetime) -> None:
    """Take a question out before anybody has seen it.

    Raises:
        NotFoundError: no such question in this inquiry.
        DomainError: somebody was invited already.
    """
    row = db.session.get(InquiryQuestion, question_id)
    if row is None or row.inquiry_id != inquiry.id:
        raise NotFoundError
    _check_open(inquiry)
    db.session.delete(row)
    record(case, QuestionRemoved(inquiry_id=str(inquiry.id)), actor=actor, now=now)


def offer_entry(case: Case, inquiry: Inquiry, text: str, *, actor: str, now: datetime) -> None:
    """Show the authority the text we want to publish, for a reply before it is published.

    Raises:
        DisclosureError: a reporter can be recognised in it.
        DomainError: they replied already.
    """
    if has_replied(inquiry):
        raise DomainError("The authority has replied already, so the text it replied to stays as it is", field="text")
    check_texts(case, {"text": text})
    inquiry.entry_sealed = seal(case.data_key, text, f"inquiries.entry:{inquiry.id}")
    record(case, EntryOffered(inquiry_id=str(inquiry.id)), actor=actor, now=now)


def _check_open(inquiry: Inquiry) -> None:
    invited = select(func.count()).select_from(InquiryOfficer).where(InquiryOfficer.inquiry_id == inquiry.id)
    if db.session.scalar(invited):
        raise DomainError(FROZEN, field="text")
