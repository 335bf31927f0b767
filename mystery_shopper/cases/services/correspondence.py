"""Messages through the receipt, and internal notes. A form sent twice makes one message."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import MessageReceived, MessageSent, NoteAdded
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case, Direction, Message, Note, Report
from mystery_shopper.cases.services.indexing import refresh_index
from mystery_shopper.cases.services.recording import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.vault import seal
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.uploading import Upload, add_all


def send_message(
    case: Case,
    report: Report,
    body: str,
    *,
    upload: Upload | None = None,
    submission_id: UUID,
    sender: StaffMember,
    now: datetime,
) -> Message:
    """Write to the reporter of one report, past the disclosure gate: they must not learn who else reports.

    Raises:
        DisclosureError: the text, or the name of a file, could identify another reporter of the case.
    """
    names = "\n".join(taken.name for taken in upload.taken) if upload else ""
    check_texts(case, {"body": body, "files": names}, to=report)
    message, is_new = _add_message(
        case, report, body, Direction.TO_REPORTER, submission_id, author=sender.actor, now=now
    )
    if is_new:
        files = _attach(report, message, upload, sender, now) if upload else ()
        event = MessageSent(message_id=str(message.id), report_id=str(report.id), file_ids=files)
        record(case, event, actor=sender.actor, now=now)
    return message


def _attach(report: Report, message: Message, upload: Upload, sender: StaffMember, now: datetime) -> tuple[str, ...]:
    holder = Holder(report_id=report.id, message_id=message.id, to_reporter=True)
    add_all(holder, upload, actor=sender.actor, now=now)
    if upload.refused:
        raise DomainError(upload.refused[0], field="files")
    return tuple(str(file.id) for file in upload.added)


def receive_message(case: Case, report: Report, body: str, *, submission_id: UUID, now: datetime) -> Message:
    """Take a message from the reporter."""
    message, is_new = _add_message(case, report, body, Direction.FROM_REPORTER, submission_id, author=REPORTER, now=now)
    if is_new:
        event = MessageReceived(message_id=str(message.id), report_id=str(report.id))
        record(case, event, actor=REPORTER, now=now)
        refresh_index(case)
    return message


def _add_message(
    case: Case, report: Report, body: str, direction: Direction, submission_id: UUID, *, author: str, now: datetime
) -> tuple[Message, bool]:
    submission_id = _once(submission_id, f"{report.id} {direction} {body}")
    known = db.session.scalar(select(Message).where(Message.submission_id == submission_id))
    if known is not None:
        return known, False
    message_id = new_id()
    message = Message(
        id=message_id,
        case_id=case.id,
        report_id=report.id,
        direction=direction,
        author=author,
        sent_at=now,
        submission_id=submission_id,
        body_sealed=seal(case.data_key, body, f"messages.body:{message_id}"),
    )
    db.session.add(message)
    db.session.flush()
    return message, True


def _once(submission_id: UUID, content: str) -> UUID:
    """Return the id under which a form is known: of the form and of what it says.

    The same form sent with other words (gone back to and changed) is another message, not one that is swallowed. The
    form's own id is random and stored nowhere, so the result tells nobody what was written.
    """
    return uuid5(submission_id, content)


def mark_read(messages: list[Message], *, now: datetime) -> None:
    """Note that the other side has opened these messages."""
    for message in messages:
        if message.read_at is None:
            message.read_at = now
    db.session.flush()


def add_note(case: Case, body: str, *, submission_id: UUID, author: StaffMember, now: datetime) -> Note:
    """Write an internal note."""
    submission_id = _once(submission_id, f"{case.id} {body}")
    known = db.session.scalar(select(Note).where(Note.submission_id == submission_id))
    if known is not None:
        return known
    note_id = new_id()
    note = Note(
        id=note_id,
        case_id=case.id,
        author_id=author.id,
        written_at=now,
        submission_id=submission_id,
        body_sealed=seal(case.data_key, body, f"notes.body:{note_id}"),
    )
    db.session.add(note)
    record(case, NoteAdded(note_id=str(note_id)), actor=author.actor, now=now)
    return note
