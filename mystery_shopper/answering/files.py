"""Files an authority sent with its answer: staff take the cleaned copy, and who took it is on record."""

from collections.abc import Iterator
from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import may_release
from mystery_shopper.evidence.queries import read_copy


def open_file(file: EvidenceFile, *, by: StaffMember, now: datetime) -> Iterator[bytes]:
    """Return the bytes of a cleaned copy, and put on record who took it. For a page that only reads.

    Raises:
        NotFoundError: there is no copy yet, or the file was not scanned or holds a virus.
    """
    if not may_release(file.scan_state, file.copy_state):
        raise NotFoundError
    pieces = read_copy(file)
    audit.record_access(Action.EVIDENCE_VIEWED, actor=by.actor, subject="evidence", subject_id=file.id, now=now)
    return pieces
