"""What staff see of the files of a case."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.cases.evidence import NumberedFile, evidence_of
from mystery_shopper.cases.models import Case
from mystery_shopper.evidence.policy import KINDS, READABLE, CopyState, ScanState, may_open, words_of_size

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
