"""What officers do with their answer: save it, add files, send it. Sent, it is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from mystery_shopper.answering.events import FilesReceived, FileTakenOut
from mystery_shopper.answering.models import Inquiry
from mystery_shopper.answering.queries import OpenPage, QuestionView, list_questions
from mystery_shopper.answering.services.requesting import add_request
from mystery_shopper.answering.states import RequestKind
from mystery_shopper.cases.services import record
from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.events import AUTHORITY
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import seal
from mystery_shopper.evidence.queries import list_files
from mystery_shopper.evidence.services import erase_file
from mystery_shopper.evidence.uploading import Upload, add_all
from mystery_shopper.holds import services as holds
from mystery_shopper.interventions.services import record_response

RESPONSE_MAX = 5000
"""What an answer of an intervention holds at most; the whole stands with the questions."""
MORE = "\n\n(The rest stands under “Answers of the authority”.)"
SENT = _("Your answer has been sent and can no longer be changed")
COLLEAGUE_SAVED = _("A colleague saved while you were writing. Check both texts, then save again")


class SavedMeanwhileError(StaleEditError):
    """A colleague saved the draft since this page was opened."""

    def __init__(self) -> None:
        super().__init__(COLLEAGUE_SAVED)


def check_not_sent(inquiry: Inquiry) -> None:
    """Refuse what comes after the answer was sent.

    Raises:
        DomainError: it was.
    """
    if inquiry.sent_at is not None:
        raise DomainError(SENT)


def save_draft(page: OpenPage, answers: Mapping[UUID, str], *, version: int, now: datetime) -> None:
    """Keep answers as a draft that every officer of the inquiry sees, and nobody else of the authority.

    Raises:
        SavedMeanwhileError: a colleague saved since the page was opened.
        DomainError: the answer was sent already.
    """
    check_not_sent(page.inquiry)
    if page.inquiry.version != version:
        raise SavedMeanwhileError
    for view in list_questions(page.case, page.inquiry):
        text = answers.get(view.row.id)
        if text is not None:
            view.row.answer_sealed = seal(page.key, text, f"inquiry_questions.answer:{view.row.id}")
    page.inquiry.saved_at = now
    db.session.flush()


def add_files(page: OpenPage, upload: Upload, *, now: datetime) -> None:
    """Add files to the answer.

    Raises:
        DomainError: the answer was sent already.
    """
    check_not_sent(page.inquiry)
    add_all(page.holder, upload, actor=AUTHORITY, now=now)
    if upload.added:
        event = FilesReceived(inquiry_id=str(page.inquiry.id), file_ids=tuple(str(file.id) for file in upload.added))
        record(page.case, event, actor=AUTHORITY, now=now)


def remove_file(page: OpenPage, file_id: str, *, now: datetime) -> str:
    """Erase a file of the draft and return its name.

    Raises:
        NotFoundError: the draft has no such file.
        DomainError: the answer was sent already.
    """
    check_not_sent(page.inquiry)
    for file in list_files(page.holder):
        if str(file.id) == file_id:
            name = str(file.details["name"])
            erase_file(file, holds.nothing_is_lost("its writer takes it out of the draft"), now=now)
            record(page.case, FileTakenOut(inquiry_id=str(page.inquiry.id)), actor=AUTHORITY, now=now)
            return name
    raise NotFoundError


def send_answer(page: OpenPage, *, version: int, now: datetime) -> None:
    """Send the answer: it is frozen, recorded as the answer of the intervention, and moves the case where it waited.

    Raises:
        SavedMeanwhileError: a colleague saved since it was read through.
        DomainError: it was sent already, or a question has no answer.
    """
    check_not_sent(page.inquiry)
    if page.inquiry.version != version:
        raise SavedMeanwhileError
    questions = list_questions(page.case, page.inquiry)
    for view in questions:
        if not view.answer:
            raise DomainError(_("Answer question {number}, or say why you cannot", number=view.row.position))
    page.inquiry.sent_at = now
    row = page.inquiry.intervention
    record_response(
        page.case,
        row,
        received_on=day_of(now),
        text=_as_response(page, questions),
        moves_case=can_move(page.case.state, CaseState.RESPONDED),
        version=row.version,
        actor=AUTHORITY,
        now=now,
    )
    add_request(page, RequestKind.ANSWER, {"text": ""}, now=now)


def _as_response(page: OpenPage, questions: Sequence[QuestionView]) -> str:
    person = page.officer.person(page.key)
    lines = [f"Sent here by {person.name}, {person.role}."]
    lines += [f"{view.row.position}. {view.text}\n{view.answer}" for view in questions]
    text = "\n\n".join(lines)
    return text if len(text) <= RESPONSE_MAX else text[: RESPONSE_MAX - len(MORE)] + MORE
