"""Files that go with messages. A reporter's is evidence of their report; what staff send is theirs to take, checked.

A reporter gets the cleaned copy alone, and only while the disclosure gate finds no other reporter of the case in its
text: the gate reads it again each time, because reports join a case later.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_of, list_reports
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.evidence import queries
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import READABLE, CopyState, ScanState, may_release


class AttachmentState(StrEnum):
    """How far a file that staff send has come."""

    CHECKING = "checking"
    READY = "ready"
    INFECTED = "infected"
    NO_COPY = "no-copy"
    HELD = "held"


def by_message(reports: Sequence[Report]) -> Mapping[UUID, list[EvidenceFile]]:
    """Return the files of the messages of reports, by the id of the message."""
    found: dict[UUID, list[EvidenceFile]] = {}
    for file in queries.list_attached([report.id for report in reports]):
        if file.message_id is not None:
            found.setdefault(file.message_id, []).append(file)
    return found


def state_of(case: Case, report: Report, file: EvidenceFile) -> AttachmentState:
    """Return how far a file that staff send has come, and whether its text may reach this reporter."""
    if file.scan_state is ScanState.INFECTED:
        return AttachmentState.INFECTED
    if file.copy_state is CopyState.CANNOT:
        return AttachmentState.NO_COPY
    if not may_release(file.scan_state, file.copy_state):
        return AttachmentState.CHECKING
    if file.text is None and file.kind in READABLE:
        return AttachmentState.NO_COPY
    try:
        check_texts(case, {"files": f"{file.details['name']}\n{file.text or ''}"}, to=report)
    except DisclosureError:
        return AttachmentState.HELD
    return AttachmentState.READY


def find_sent(report: Report, file_id: UUID) -> EvidenceFile:
    """Return a file that staff sent to this reporter.

    Raises:
        NotFoundError: no such file, or one of another report; both look alike.
    """
    return _find([report.id], file_id)


def _find(report_ids: Sequence[UUID], file_id: UUID) -> EvidenceFile:
    for file in queries.list_attached(report_ids):
        if file.id == file_id and file.to_reporter:
            return file
    raise NotFoundError


def open_sent(report: Report, file: EvidenceFile) -> Iterator[bytes]:
    """Return the bytes of the cleaned copy of a file that staff sent.

    Raises:
        NotFoundError: there is none yet, or it is held back.
    """
    if state_of(get_case_of(report), report, file) is not AttachmentState.READY:
        raise NotFoundError
    return queries.read_copy(file)


def open_attachment(
    case: Case, file_id: UUID, *, by: StaffMember, now: datetime
) -> tuple[EvidenceFile, Iterator[bytes]]:
    """Return a file that staff sent and the bytes of its copy, and put on record who took it. For a page that reads.

    Raises:
        NotFoundError: the case has no such file, or there is no copy of it.
    """
    file = _find([report.id for report in list_reports(case)], file_id)
    if not may_release(file.scan_state, file.copy_state):
        raise NotFoundError
    pieces = queries.read_copy(file)
    audit.record_access(Action.EVIDENCE_VIEWED, actor=by.actor, subject="evidence", subject_id=file.id, now=now)
    return file, pieces


def attachment_name(reference: str, number: int, extension: str) -> str:
    """Return the name under which a file that staff sent is saved: nothing of the name they gave it."""
    return f"{reference}-attachment-{number}.{extension}"
