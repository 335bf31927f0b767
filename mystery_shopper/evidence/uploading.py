"""Taking in the files of one form: each by itself, so that one that is refused takes no other with it.

Whoever uploads, reporter or staff, goes through here: what is taken is looked into, scanned and stored before a row is
written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.core.languages import _, _n
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.evidence import services
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import Reason
from mystery_shopper.evidence.queries import Holder
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

    def refuse(self, taken: Taken, message: str) -> None:
        """Do not keep a file after all, and say why."""
        self.taken.remove(taken)
        self.refused.append(message)
        services.discard(taken)

    def discard(self) -> None:
        """Remove what was stored and no row names."""
        wanted = {file.id for file in self.added}
        for taken in self.taken:
            if taken.id not in wanted:
                services.discard(taken)

    def keep(self, add: Callable[["Upload"], None]) -> None:
        """Add what was taken, in one unit of work; what no row names afterwards is removed from the store."""
        try:
            add(self)
        except BaseException:
            self.added.clear()
            raise
        finally:
            self.discard()

    def words(self) -> str:
        """Return what the person is told about files that were added or there already."""
        names = [str(file.details["name"]) for file in self.added]
        said = [_uploaded(names)] if names else []
        return ". ".join([*said, *(_("You have already uploaded {name}", name=name) for name in self.known)])


def _uploaded(names: Sequence[str]) -> str:
    if len(names) == 1:
        return _("{name} uploaded", name=names[0])
    return _n("{count} file uploaded", "{count} files uploaded", len(names))


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


def add_all(holder: Holder, upload: Upload, *, actor: str, now: datetime) -> None:
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
            actor=actor,
            subject="evidence",
            subject_id=holder.id,
            outcome=Outcome.REFUSED,
            now=now,
        )
