"""What staff see of the files of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.cases.attachments import AttachmentState, by_message, state_of
from mystery_shopper.cases.evidence import NumberedFile, evidence_of
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import KINDS, READABLE, CopyState, ScanState, may_open, may_release, words_of_size

SCAN_WORDS: dict[ScanState, tuple[str, str]] = {
    ScanState.WAITING: ("Waiting for the virus scanner", "yellow"),
    ScanState.CLEAN: ("No virus found", "green"),
    ScanState.INFECTED: ("Contains a virus", "red"),
    ScanState.UNSCANNED: ("Not scanned for viruses", "orange"),
}
COPY_WORDS: dict[CopyState, tuple[str, str]] = {
    CopyState.WAITING: ("Copy is being made", "yellow"),
    CopyState.CLEANED: ("Cleaned copy", "green"),
    CopyState.CANNOT: ("Cannot be cleaned", "grey"),
}


@dataclass(frozen=True)
class FileView:
    """A file as staff see it. `sender` names the report it came with: nothing here says who sent that."""

    id: UUID
    number: int
    name: str
    kind: str
    size: str
    sha256: str
    sender: str
    added_on: date
    scan: tuple[str, str]
    copy: tuple[str, str]
    note: str
    is_released: bool
    can_open: bool
    has_copy: bool
    is_unscanned: bool
    is_readable: bool
    text: str | None


@dataclass(frozen=True)
class AttachedView:
    """A file that came with a message. `number`: as evidence it has one; what staff sent has none."""

    id: UUID
    number: int
    name: str
    size: str
    state: str
    has_copy: bool


SENT_WORDS: dict[AttachmentState, str] = {
    AttachmentState.CHECKING: "Being checked: the reporter cannot open it yet",
    AttachmentState.READY: "The reporter can open the cleaned copy",
    AttachmentState.INFECTED: "Contains a virus: held back",
    AttachmentState.NO_COPY: "Cannot be cleaned, or read by the checks: held back",
    AttachmentState.HELD: "Could identify another reporter: held back",
}


def show_attached(case: Case, reports: Sequence[Report]) -> Mapping[UUID, list[AttachedView]]:
    """Return the files of the messages of reports, by message."""
    attached = by_message(reports)
    numbers = {found.file.id: found.number for found in evidence_of(case)} if attached else {}
    of_id = {report.id: report for report in reports}
    return {
        message_id: [_attached(case, of_id, file, numbers.get(file.id, 0)) for file in files]
        for message_id, files in attached.items()
    }


def _attached(case: Case, reports: Mapping[UUID, Report], file: EvidenceFile, number: int) -> AttachedView:
    if file.to_reporter and file.report_id is not None:
        state = SENT_WORDS[state_of(case, reports[file.report_id], file)]
    else:
        words = COPY_WORDS[file.copy_state] if may_open(file.scan_state) else SCAN_WORDS[file.scan_state]
        state = words[0]
    has_copy = may_release(file.scan_state, file.copy_state)
    return AttachedView(file.id, number, str(file.details["name"]), words_of_size(file.size), state, has_copy)


def show_files(case: Case) -> list[FileView]:
    """Return the files of a case."""
    return [show_file(found) for found in evidence_of(case)]


def show_file(found: NumberedFile, *, with_text: bool = False) -> FileView:
    """Return one file; with the text of its copy when it is to be read."""
    file = found.file
    details = file.details
    return FileView(
        id=file.id,
        number=found.number,
        name=str(details["name"]),
        kind=KINDS[file.kind].label,
        size=words_of_size(file.size),
        sha256=str(details["sha256"]),
        sender=f"Report {found.report_number}",
        added_on=file.added_on,
        scan=SCAN_WORDS[file.scan_state],
        copy=COPY_WORDS[file.copy_state],
        note=file.copy_note,
        is_released=file.released_at is not None,
        can_open=may_open(file.scan_state),
        has_copy=file.copy_state is CopyState.CLEANED,
        is_unscanned=file.scan_state is ScanState.UNSCANNED,
        is_readable=file.kind in READABLE,
        text=file.text if with_text else None,
    )
