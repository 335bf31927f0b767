"""Evidence of a case: the files of its reports, and what is done with them. A file stays its report's.

Nobody but the team sees an original. What an authority may see is a cleaned copy that a caseworker has read and marked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_of, list_reports
from mystery_shopper.cases.services.recording import record
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _n
from mystery_shopper.evidence import queries, services
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import READABLE, may_open, may_release


def _words(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(CaseEvent):
    """A reporter sent files, with the report or later."""

    tag: ClassVar[str] = "evidence:added"
    report_id: str
    file_ids: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Evidence received from the reporter: {_words(len(self.file_ids))}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _n("You sent us {count} file.", "You sent us {count} files.", len(self.file_ids))


@dataclass(frozen=True, kw_only=True)
class EvidenceReleased(CaseEvent):
    """A caseworker marked a cleaned copy as one that the authority may see."""

    tag: ClassVar[str] = "evidence:released"
    file_id: str
    number: int
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"The cleaned copy of evidence {self.number} may be shown to the authority: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class EvidenceReleaseWithdrawn(CaseEvent):
    """A caseworker took that mark back."""

    tag: ClassVar[str] = "evidence:release-withdrawn"
    file_id: str
    number: int
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Evidence {self.number} may no longer be shown to the authority: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class EvidenceOriginalOpened(CaseEvent):
    """A member of staff took the original of a file."""

    tag: ClassVar[str] = "evidence:original-opened"
    file_id: str
    number: int
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"The original of evidence {self.number} was downloaded: {self.reason}"


@dataclass(frozen=True)
class NumberedFile:
    """A file of a case, the number it has there, and the number of the report it came with."""

    number: int
    report_number: int
    file: EvidenceFile


def evidence_of(case: Case) -> list[NumberedFile]:
    """Return the files of a case, by report in the order the reports came."""
    reports = {report.id: place for place, report in enumerate(list_reports(case), start=1)}
    files = sorted(queries.list_files_of(reports), key=lambda file: (reports[_report_id(file)], file.position))
    return [NumberedFile(number, reports[_report_id(file)], file) for number, file in enumerate(files, start=1)]


def _report_id(file: EvidenceFile) -> UUID:
    if file.report_id is None:
        raise NotFoundError
    return file.report_id


def get_evidence(case: Case, file_id: UUID) -> NumberedFile:
    """Return a file of a case.

    Raises:
        NotFoundError: no such file, or one of another case; both look alike.
    """
    for found in evidence_of(case):
        if found.file.id == file_id:
            return found
    raise NotFoundError


def take_evidence_along(draft_id: UUID, report: Report, *, now: datetime) -> None:
    """Make the files of a draft those of the report it became."""
    files = services.hand_over(draft_id, report.id)
    if files:
        note_evidence(report, files, now=now)


def note_evidence(report: Report, files: Sequence[EvidenceFile], *, now: datetime) -> None:
    """Write down that a reporter sent files."""
    event = EvidenceAdded(report_id=str(report.id), file_ids=tuple(str(file.id) for file in files))
    record(get_case_of(report), event, actor=REPORTER, now=now)


def open_copy(found: NumberedFile, *, by: StaffMember, now: datetime) -> Iterator[bytes]:
    """Return the bytes of a cleaned copy, and put on record who took it. For a page that only reads.

    Raises:
        NotFoundError: there is none, or the file was not scanned or holds a virus.
    """
    file = found.file
    if not may_release(file.scan_state, file.copy_state):
        raise NotFoundError
    pieces = queries.read_copy(file)
    audit.record_access(Action.EVIDENCE_VIEWED, actor=by.actor, subject="evidence", subject_id=file.id, now=now)
    return pieces


def open_original(case: Case, found: NumberedFile, *, reason: str, by: StaffMember, now: datetime) -> Iterator[bytes]:
    """Return the bytes a reporter sent, and write down who took them and why.

    Raises:
        DomainError: it was not scanned yet, or holds a virus.
    """
    if not may_open(found.file.scan_state):
        raise DomainError("This file cannot be downloaded: it has not been scanned, or it contains a virus")
    pieces = queries.read_original(found.file)
    event = EvidenceOriginalOpened(file_id=str(found.file.id), number=found.number, reason=reason)
    record(case, event, actor=by.actor, now=now)
    return pieces


def release_evidence(case: Case, found: NumberedFile, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Mark a cleaned copy as one that may be shown to the authority, once the disclosure gate has read its text.

    Raises:
        DomainError: there is no cleaned copy that was scanned, or its text cannot be read although it has some.
        DisclosureError: a reporter of the case can be recognised in it.
    """
    if not may_release(found.file.scan_state, found.file.copy_state):
        raise DomainError("Only a cleaned copy of a file without a virus can be shown to the authority")
    text = found.file.text
    if text is None and found.file.kind in READABLE:
        raise DomainError("The text of this file cannot be read, so it cannot be checked for the name of a reporter")
    check_texts(case, {"decision": text or "", "reason": reason})
    services.release(found.file, by_id=by.id, now=now)
    event = EvidenceReleased(file_id=str(found.file.id), number=found.number, reason=reason)
    record(case, event, actor=by.actor, now=now)


def withdraw_evidence(case: Case, found: NumberedFile, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Take back that a copy may be shown; asked twice, it is done once."""
    if found.file.released_at is None:
        return
    services.withdraw_release(found.file)
    event = EvidenceReleaseWithdrawn(file_id=str(found.file.id), number=found.number, reason=reason)
    record(case, event, actor=by.actor, now=now)
