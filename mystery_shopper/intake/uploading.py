"""What a reporter uploads, on the journey, through the receipt or with a message; and how they see their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mystery_shopper.cases.attachments import AttachmentState, by_message, state_of
from mystery_shopper.cases.evidence import note_evidence
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_of, lock_case_of
from mystery_shopper.core import receipts
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import ENGLISH, _, speaking
from mystery_shopper.evidence import services
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import words_of_size
from mystery_shopper.evidence.queries import Holder, list_files
from mystery_shopper.evidence.showing import FileView, show_own
from mystery_shopper.evidence.uploading import Upload, add_all
from mystery_shopper.holds import services as holds


@dataclass(frozen=True)
class AttachedView:
    """A file of a message as the reporter sees it."""

    id: UUID
    name: str
    size: str
    state: str
    can_open: bool = False


CODE_IN_NAME = _(
    "Remove your receipt code from the name of the file, then select it again. Nobody else should know the code."
)
_OPENS_NOT = _("Cannot be opened. Ask us to send it again")
SENT_TO_YOU: dict[AttachmentState, str] = {
    AttachmentState.CHECKING: _("Being checked. You can open it here when that is done"),
    AttachmentState.READY: _("Checked and cleaned"),
    AttachmentState.INFECTED: _OPENS_NOT,
    AttachmentState.NO_COPY: _OPENS_NOT,
    AttachmentState.HELD: _OPENS_NOT,
}


def attached_for(report: Report) -> Mapping[UUID, list[AttachedView]]:
    """Return the files of a report's messages, by message."""
    case = get_case_of(report)
    return {
        message_id: [_attached(case, report, file) for file in files]
        for message_id, files in by_message([report]).items()
    }


def _attached(case: Case, report: Report, file: EvidenceFile) -> AttachedView:
    if not file.to_reporter:
        own = show_own(file)
        return AttachedView(own.id, own.name, own.size, own.state)
    state = state_of(case, report, file)
    name = str(file.details["name"]) if state is not AttachmentState.HELD else _("A file")
    is_ready = state is AttachmentState.READY
    return AttachedView(file.id, name, words_of_size(file.size), SENT_TO_YOU[state], is_ready)


def refuse_named_by_code(upload: Upload, code_mac: bytes | None) -> None:
    """Keep no file whose name holds the receipt code: whoever reads the case reads the names of its files."""
    for taken in tuple(upload.taken):
        try:
            receipts.refuse_own_code(taken.name, code_mac)
        except DomainError:
            upload.refuse(taken, CODE_IN_NAME)


def add_to_report(report: Report, upload: Upload, *, now: datetime, message_id: UUID | None = None) -> None:
    """Add files to a report that was sent, with a message or by themselves, and write it down."""
    lock_case_of(report)
    refuse_named_by_code(upload, report.receipt_mac)
    add_all(Holder(report_id=report.id, message_id=message_id), upload, actor=REPORTER, now=now)
    if upload.added:
        with speaking(ENGLISH):
            note_evidence(report, upload.added, now=now)


def remove_file(draft_id: UUID, file_id: str, *, now: datetime) -> str:
    """Erase a file of a draft and return its name.

    Raises:
        NotFoundError: the draft has no such file.
    """
    for file in list_files(Holder(draft_id=draft_id)):
        if str(file.id) == file_id:
            name = str(file.details["name"])
            services.erase_file(file, holds.nothing_is_lost("its writer takes it out of the draft"), now=now)
            return name
    raise NotFoundError


def show_files(holder: Holder) -> list[FileView]:
    """Return the files of a draft or report as their reporter sees them."""
    return [show_own(file) for file in list_files(holder)]
