"""How a file looks to whoever sent it: its name, its size, its fingerprint, and how far we are with it."""

from dataclasses import dataclass
from uuid import UUID

from mystery_shopper.core.languages import _
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import ScanState, words_of_size


@dataclass(frozen=True)
class FileView:
    """A file as whoever sent it sees it."""

    id: UUID
    name: str
    size: str
    sha256: str
    state: str
    has_virus: bool


def show_own(file: EvidenceFile) -> FileView:
    """Return one file as whoever sent it sees it."""
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
