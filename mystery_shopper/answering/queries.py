"""Reads of inquiries: for the case page and the desk, and for the officer, who sees nothing but their own inquiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.answering import keys
from mystery_shopper.answering.models import Inquiry, InquiryOfficer, InquiryQuestion, InquiryRequest
from mystery_shopper.answering.policy import Contact, Person, access_of, is_session_live
from mystery_shopper.answering.states import Access, RequestKind
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update, visible_to
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.languages import current
from mystery_shopper.core.vault import DataKey
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.queries import Holder, list_files
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.interventions.policy import KIND_LABELS
from mystery_shopper.publication.replies import AuthorityReply
from mystery_shopper.rules.results import Source
from mystery_shopper.rules.translating import catalogue_in

DESK_MOST = 10


@dataclass(frozen=True)
class QuestionView:
    """A question, opened, with the public rule it rests on."""

    row: InquiryQuestion
    text: str
    answer: str
    rule: str
    sources: Sequence[Source]


@dataclass(frozen=True)
class OfficerView:
    """An officer, opened."""

    row: InquiryOfficer
    person: Person
    access: Access


@dataclass(frozen=True)
class RequestView:
    """Something that came from the authority, opened. `by` is the officer's name."""

    row: InquiryRequest
    by: str
    content: dict[str, Any]
    reply: str


@dataclass(frozen=True)
class InquiryView:
    """An inquiry as a caseworker sees it."""

    row: Inquiry
    label: str
    contact: Contact
    entry: str
    questions: Sequence[QuestionView]
    officers: Sequence[OfficerView]
    requests: Sequence[RequestView]
    files: Sequence[EvidenceFile]

    @property
    def is_frozen(self) -> bool:
        """Tell whether the questions may no longer be changed: somebody was invited."""
        return bool(self.officers)


@dataclass(frozen=True)
class OpenPage:
    """What an officer has open: their own inquiry and nothing else of the case is to be shown from it."""

    case: Case
    inquiry: Inquiry
    officer: InquiryOfficer

    @property
    def key(self) -> DataKey:
        """Return the key under which the texts are sealed."""
        return self.case.data_key

    @property
    def holder(self) -> Holder:
        """Return what the files belong to."""
        return holder_of(self.inquiry)


@dataclass(frozen=True)
class DeskLine:
    """Something that came in for a case of this person."""

    reference: str
    kind: RequestKind
    made_at: datetime


def holder_of(inquiry: Inquiry) -> Holder:
    """Return what the files of an answer belong to."""
    return Holder(inquiry_id=inquiry.id, case_id=inquiry.case_id)


def list_questions(case: Case, inquiry: Inquiry) -> list[QuestionView]:
    """Return the questions of an inquiry in their order."""
    rows = db.session.scalars(
        select(InquiryQuestion).where(InquiryQuestion.inquiry_id == inquiry.id).order_by(InquiryQuestion.position)
    )
    return [_show_question(row, case.data_key) for row in rows]


def _show_question(row: InquiryQuestion, key: DataKey) -> QuestionView:
    rule = next((one for one in catalogue_in(current()).rules if one.id == row.rule_id), None)
    return QuestionView(row, row.text(key), row.answer(key), rule.title if rule else "", rule.sources if rule else ())


def list_officers(case: Case, inquiry: Inquiry, today: date) -> list[OfficerView]:
    """Return who was invited to an inquiry, first first."""
    rows = db.session.scalars(
        select(InquiryOfficer)
        .where(InquiryOfficer.inquiry_id == inquiry.id)
        .order_by(InquiryOfficer.invited_at, InquiryOfficer.id)
    )
    return [OfficerView(row, row.person(case.data_key), officer_access(row, today)) for row in rows]


def officer_access(row: InquiryOfficer, today: date) -> Access:
    """Return how the access of an officer stands on a day."""
    return access_of(
        revoked=row.revoked_at is not None, opened=row.opened_at is not None, last_day=row.expires_on, today=today
    )


def list_requests(case: Case, inquiry: Inquiry) -> list[RequestView]:
    """Return what came from the authority in one inquiry, newest first."""
    rows = db.session.execute(
        select(InquiryRequest, InquiryOfficer)
        .join(InquiryOfficer, InquiryOfficer.id == InquiryRequest.officer_id)
        .where(InquiryRequest.inquiry_id == inquiry.id)
        .order_by(InquiryRequest.made_at.desc(), InquiryRequest.id)
    )
    key = case.data_key
    return [RequestView(row, who.person(key).name, row.content(key), row.reply(key)) for row, who in rows]


def count_waiting(inquiry: Inquiry) -> int:
    """Return how many requests of an inquiry wait for us."""
    found = db.session.scalar(
        select(func.count())
        .select_from(InquiryRequest)
        .where(InquiryRequest.inquiry_id == inquiry.id, InquiryRequest.decision.is_(None))
    )
    return found or 0


def waiting_kinds(case: Case) -> Sequence[RequestKind]:
    """Return the kinds of what came from the authority in a case and waits, oldest first."""
    return db.session.scalars(
        select(InquiryRequest.kind)
        .where(InquiryRequest.case_id == case.id, InquiryRequest.decision.is_(None))
        .order_by(InquiryRequest.made_at)
    ).all()


def has_replied(inquiry: Inquiry) -> bool:
    """Tell whether the authority has replied to the text we want to publish."""
    found = db.session.scalar(
        select(InquiryRequest.id)
        .where(InquiryRequest.inquiry_id == inquiry.id, InquiryRequest.kind == RequestKind.REPLY)
        .limit(1)
    )
    return found is not None


def replies_to_entries(case: Case) -> list[AuthorityReply]:
    """Return each text the authority was offered a reply to, oldest first, with what it said."""
    rows = db.session.execute(
        select(Inquiry, InquiryRequest)
        .outerjoin(
            InquiryRequest, and_(InquiryRequest.inquiry_id == Inquiry.id, InquiryRequest.kind == RequestKind.REPLY)
        )
        .where(Inquiry.case_id == case.id)
        .order_by(Inquiry.created_at, InquiryRequest.made_at)
    )
    key = case.data_key
    found = [(row.entry(key), said) for row, said in rows]
    return [
        AuthorityReply(shown) if said is None else AuthorityReply(shown, said.content(key)["text"], said.made_at)
        for shown, said in found
        if shown
    ]


def list_inquiries(case: Case, today: date) -> list[InquiryView]:
    """Return the inquiries of a case, oldest first."""
    rows = db.session.scalars(select(Inquiry).where(Inquiry.case_id == case.id).order_by(Inquiry.created_at))
    return [show_inquiry(case, row, today) for row in rows]


def show_inquiry(case: Case, row: Inquiry, today: date) -> InquiryView:
    """Open an inquiry for a caseworker."""
    key = case.data_key
    return InquiryView(
        row=row,
        label=KIND_LABELS[row.intervention.kind],
        contact=row.contact(key),
        entry=row.entry(key),
        questions=list_questions(case, row),
        officers=list_officers(case, row, today),
        requests=list_requests(case, row),
        files=list_files(holder_of(row)),
    )


def open_interventions(case: Case) -> Sequence[Intervention]:
    """Return the interventions without an answer that nobody was asked here about yet."""
    asked = select(Inquiry.intervention_id).where(Inquiry.case_id == case.id)
    return db.session.scalars(
        select(Intervention)
        .where(
            Intervention.case_id == case.id,
            Intervention.response_received_on.is_(None),
            Intervention.id.not_in(asked),
        )
        .order_by(Intervention.made_on, Intervention.id)
    ).all()


def find_inquiry_of(row: Intervention) -> Inquiry | None:
    """Return the inquiry of an intervention."""
    return db.session.scalar(select(Inquiry).where(Inquiry.intervention_id == row.id))


def get_inquiry(case: Case, inquiry_id: UUID) -> Inquiry:
    """Return an inquiry of a case.

    Raises:
        NotFoundError: no such inquiry, or one of another case; both look alike.
    """
    found = db.session.get(Inquiry, inquiry_id)
    if found is None or found.case_id != case.id:
        raise NotFoundError
    return found


def get_question(case: Case, inquiry: Inquiry, question_id: UUID) -> InquiryQuestion:
    """Return a question of an inquiry.

    Raises:
        NotFoundError: as `get_inquiry`.
    """
    found = db.session.get(InquiryQuestion, question_id)
    if found is None or found.inquiry_id != inquiry.id or found.case_id != case.id:
        raise NotFoundError
    return found


def get_officer(case: Case, officer_id: UUID) -> tuple[Inquiry, InquiryOfficer]:
    """Return an officer of a case with their inquiry.

    Raises:
        NotFoundError: as `get_inquiry`.
    """
    found = db.session.get(InquiryOfficer, officer_id)
    if found is None or found.case_id != case.id:
        raise NotFoundError
    return get_inquiry(case, found.inquiry_id), found


def get_request(case: Case, request_id: UUID) -> tuple[Inquiry, InquiryRequest]:
    """Return something that came from the authority, with its inquiry.

    Raises:
        NotFoundError: as `get_inquiry`.
    """
    found = db.session.get(InquiryRequest, request_id)
    if found is None or found.case_id != case.id:
        raise NotFoundError
    return get_inquiry(case, found.inquiry_id), found


def get_file(case: Case, file_id: UUID) -> tuple[Inquiry, EvidenceFile]:
    """Return a file that the authority sent with an answer.

    Raises:
        NotFoundError: as `get_inquiry`.
    """
    found = db.session.get(EvidenceFile, file_id)
    if found is None or found.inquiry_id is None or found.case_id != case.id:
        raise NotFoundError
    return get_inquiry(case, found.inquiry_id), found


def find_by_token(token_hash: bytes) -> InquiryOfficer | None:
    """Return the officer of a link, whether it still works or not."""
    return db.session.scalar(
        select(InquiryOfficer)
        .where(InquiryOfficer.token_hash == token_hash)
        .options(joinedload(InquiryOfficer.inquiry))
    )


def case_of(officer: InquiryOfficer, *, lock: bool = False) -> Case:
    """Return the case of an officer who came in with link and code; with `lock` nobody else changes it meanwhile."""
    return get_case_for_update(officer.case_id, lock=lock)


def find_page(session_token: str, now: datetime, *, lock: bool) -> OpenPage | None:
    """Return what a cookie has open; None when nothing, when it was closed meanwhile, or was open too long.

    With `lock` nobody else changes the case before the commit.
    """
    officer = db.session.scalar(
        select(InquiryOfficer)
        .where(InquiryOfficer.session_hash == keys.hash_session(session_token))
        .options(joinedload(InquiryOfficer.inquiry))
    )
    if officer is None or officer.session_began_at is None or officer.session_seen_at is None:
        return None
    is_live = is_session_live(officer.session_began_at, officer.session_seen_at, now)
    if not is_live or officer_access(officer, day_of(now)) is not Access.OPENED:
        return None
    return OpenPage(case_of(officer, lock=lock), officer.inquiry, officer)


def own_requests(page: OpenPage) -> list[RequestView]:
    """Return what the officers of an inquiry asked and what we said, newest first; not the answer itself."""
    return [one for one in list_requests(page.case, page.inquiry) if one.row.kind is not RequestKind.ANSWER]


def desk_lines(user: StaffMember) -> list[DeskLine]:
    """Return what came from authorities and waits, for the cases this person owns and may see; oldest first."""
    rows = db.session.execute(
        select(Case.reference, InquiryRequest.kind, InquiryRequest.made_at)
        .join(InquiryRequest, InquiryRequest.case_id == Case.id)
        .where(visible_to(user), Case.owner_id == user.id, InquiryRequest.decision.is_(None))
        .order_by(InquiryRequest.made_at)
        .limit(DESK_MOST)
    )
    return [DeskLine(*row) for row in rows]


def letter_of(officer_id: UUID, today: date) -> tuple[str, str] | None:
    """Return address and token for a letter to an officer; None when their link works no more."""
    row = db.session.get(InquiryOfficer, officer_id)
    if row is None or row.token_hash is None or officer_access(row, today) in (Access.REVOKED, Access.EXPIRED):
        return None
    return row.person(case_of(row).data_key).email, keys.token_of(row.id, row.issue)
