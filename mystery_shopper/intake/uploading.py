"""Taking in what a reporter uploads: each file by itself, so that one that is refused takes no other with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.cases.evidence import note_evidence
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import lock_case_of
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import ENGLISH, _, _n, speaking
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.evidence import services
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import Reason, ScanState, words_of_size
from mystery_shopper.evidence.queries import Holder, list_files
from mystery_shopper.evidence.refusing import FileRefusedError, message_of
from mystery_shopper.evidence.services import Taken


@dataclass(frozen=True)
class Sent:
    """A file as it arrived: the name its sender gave it, and its bytes."""

    name: str
    content: SealedSpool


@dataclass
class Upload:
    """What became of the files of one form: taken (stored, no row yet), added, there already, refused (messages)."""

    taken: list[Taken] = field(default_factory=list)
    added: list[EvidenceFile] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    viruses: int = 0

    def discard(self) -> None:
        """Remove what was stored and no row names."""
        wanted = {file.id for file in self.added}
        for taken in self.taken:
            if taken.id not in wanted:
                services.discard(taken)

    def words(self) -> str:
        """Return what the person is told about files that were added or there already."""
        names = [str(file.details["name"]) for file in self.added]
        said = [_uploaded(names)] if names else []
        return ". ".join([*said, *(_("You have already uploaded {name}", name=name) for name in self.known)])


def _uploaded(names: Sequence[str]) -> str:
    if len(names) == 1:
        return _("{name} uploaded", name=names[0])
    return _n("{count} file uploaded", "{count} files uploaded", len(names))


@dataclass(frozen=True)
class FileView:
    """A file as its reporter sees it."""

    id: UUID
    name: str
    size: str
    sha256: str
    state: str
    has_virus: bool


def take_all(sent: Sequence[Sent], *, now: datetime) -> Upload:
    """Look into the files of a form and store those that are taken. Touches no row and takes as long as it takes."""
    upload = Upload()
    if len(sent) > limits()[Limit.FILES]:
        upload.refused.append(message_of(Reason.TOO_MANY))
        return upload
    for one in sent:
        try:
            upload.taken.append(services.take_in(one.name, one.content, now=now))
        except FileRefusedError as error:
            upload.refused.append(message_of(error.reason, one.name if len(sent) > 1 else ""))
            upload.viruses += error.reason is Reason.VIRUS
    return upload


def add_all(holder: Holder, upload: Upload, *, now: datetime) -> None:
    """Add what was taken to a draft or report (locked by the caller)."""
    for taken in upload.taken:
        try:
            file, is_new = services.add_file(holder, taken, now=now)
        except FileRefusedError as error:
            upload.refused.append(error.message)
            break
        if is_new:
            upload.added.append(file)
        else:
            upload.known.append(str(file.details["name"]))
    for _virus in range(upload.viruses):
        audit.record(
            Action.EVIDENCE_REFUSED,
            actor=REPORTER,
            subject="evidence",
            subject_id=holder.id,
            outcome=Outcome.REFUSED,
            now=now,
        )


def add_to_report(report: Report, upload: Upload, *, now: datetime) -> None:
    """Add files to a report that was sent, and write it down."""
    lock_case_of(report)
    add_all(Holder(report_id=report.id), upload, now=now)
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
            services.erase_file(file, now=now)
            return name
    raise NotFoundError


def show_files(holder: Holder) -> list[FileView]:
    """Return the files of a draft or report as their reporter sees them."""
    return [_view(file) for file in list_files(holder)]


def _view(file: EvidenceFile) -> FileView:
    details = file.details
    has_virus = file.scan_state is ScanState.INFECTED
    states = {ScanState.INFECTED: _("Contains a virus. We will not open it"), ScanState.WAITING: _("Being checked")}
    return FileView(
        id=file.id,
        name=str(details["name"]),
        size=words_of_size(file.size),
        sha256=str(details["sha256"]),
        state=states.get(file.scan_state, _("Received")),
        has_virus=has_virus,
    )
