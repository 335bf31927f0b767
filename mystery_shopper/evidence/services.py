"""Writes of evidence: take a file in, add it to a draft or report, hand it over, record what the worker did, release.

Taking in looks into the file and stores it before any unit of work begins, because both take long: nobody waits for
the database meanwhile, and a row is only written for bytes that are already safe on the disk.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.core.vault import Clearance, DataKey, erase, new_data_key, seal, seal_json, seal_stream
from mystery_shopper.evidence import apart, queries
from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.models import (
    NOTE_LENGTH,
    EvidenceFile,
    details_context,
    original_context,
    text_context,
)
from mystery_shopper.evidence.names import clean_name
from mystery_shopper.evidence.policy import CopyState, Kind, Reason, ScanState, may_release
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.refusing import FileRefusedError
from mystery_shopper.evidence.scanner import ScannerDownError, find_scanner
from mystery_shopper.evidence.stores import StoreError, new_name, store

logger = logging.getLogger(__name__)

CONTENT_PURPOSE = "evidence-content"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
COPY_TRIES = 3
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Taken:
    """A file that was looked into and stored, and that no row names yet."""

    id: UUID
    key: DataKey
    kind: Kind
    name: str
    size: int
    sha256: str
    object_name: str
    scan: ScanState


def take_in(sent_name: str, content: SealedSpool, *, now: datetime) -> Taken:
    """Look into a file, scan it, and store it sealed under a key of its own. Touches no row.

    Raises:
        FileRefusedError: it is not taken; the message says what to do.
    """
    if content.size == 0:
        raise FileRefusedError(Reason.EMPTY)
    if content.size > in_bytes(Limit.FILE):
        raise FileRefusedError(Reason.TOO_BIG)
    kind = apart.recognise(content.chunks())
    scan = _scan_first(content)
    file_id, key, object_name = new_id(), new_data_key(now), new_name()
    try:
        store().put(object_name, seal_stream(key, content.chunks(), original_context(file_id)))
    except StoreError as error:
        logger.error("A file could not be stored: %s", error)
        raise FileRefusedError(Reason.NO_ROOM) from error
    return Taken(file_id, key, kind, clean_name(sent_name, kind), content.size, content.sha256, object_name, scan)


def _scan_first(content: SealedSpool) -> ScanState:
    """Ask the scanner while the person waits; when it does not answer soon, the file waits in quarantine."""
    scanner = find_scanner()
    if scanner is None:
        return ScanState.UNSCANNED
    try:
        found = scanner.scan(content.chunks(), seconds=limits()[Limit.SCAN_FIRST])
    except ScannerDownError:
        return ScanState.WAITING
    if found is ScanState.INFECTED:
        raise FileRefusedError(Reason.VIRUS)
    return found


def discard(taken: Taken) -> None:
    """Remove a stored file that no row will name; what cannot be removed now is swept later."""
    try:
        store().delete(taken.object_name)
    except (StoreError, OSError) as error:
        logger.warning("A file that is not needed could not be removed: %s", type(error).__name__)


def add_file(holder: Holder, taken: Taken, *, now: datetime) -> tuple[EvidenceFile, bool]:
    """Add a file to a draft or report; the same bytes again are the same file. Lock the holder first.

    Returns:
        The file, and whether it is new.

    Raises:
        FileRefusedError: the report has too many files, or too much in them.
    """
    content_mac = mac_of(holder, taken.sha256)
    known = queries.find_by_mac(content_mac)
    if known is not None:
        return known, False
    present = queries.list_files(holder)
    if len(present) >= limits()[Limit.FILES]:
        raise FileRefusedError(Reason.TOO_MANY)
    if sum(file.size for file in present) + taken.size > in_bytes(Limit.REPORT):
        raise FileRefusedError(Reason.TOO_MUCH)
    db.session.add(taken.key)
    db.session.flush()
    details = {"name": taken.name, "sha256": taken.sha256}
    file = EvidenceFile(
        id=taken.id,
        draft_id=holder.draft_id,
        report_id=holder.report_id,
        message_id=holder.message_id,
        to_reporter=holder.to_reporter,
        inquiry_id=holder.inquiry_id,
        case_id=holder.case_id,
        data_key=taken.key,
        position=max((file.position for file in present), default=0) + 1,
        kind=taken.kind,
        size=taken.size,
        added_on=day_of(now),
        content_mac=content_mac,
        details_sealed=seal_json(taken.key, details, details_context(taken.id)),
        object_name=taken.object_name,
        scan_state=taken.scan,
        next_try_at=now,
    )
    db.session.add(file)
    db.session.flush()
    return file, True


def mac_of(holder: Holder, sha256: str) -> bytes:
    """Return the digest by which the same bytes in the same report are known."""
    return keyring().mac(CONTENT_PURPOSE, holder.mac_data + bytes.fromhex(sha256))


def hand_over(draft_id: UUID, report_id: UUID) -> tuple[EvidenceFile, ...]:
    """Make the files of a draft those of the report it became."""
    files = queries.list_files(Holder(draft_id=draft_id))
    new = Holder(report_id=report_id)
    for file in files:
        file.content_mac = mac_of(new, str(file.details["sha256"]))
        file.draft_id, file.report_id = None, report_id
    db.session.flush()
    return tuple(files)


def erase_file(file: EvidenceFile, clearance: Clearance, *, now: datetime) -> None:
    """Erase the key of a file and its row; the bytes are noise from now on, and are swept away later."""
    erase(file.data_key, clearance, now)
    db.session.delete(file)
    db.session.flush()


def erase_files(holder: Holder, clearance: Clearance, *, now: datetime) -> int:
    """Erase every file of a draft or report; return how many."""
    files = queries.list_files(holder)
    for file in files:
        erase_file(file, clearance, now=now)
    return len(files)


def lease_due(now: datetime) -> EvidenceFile | None:
    """Take the file that has waited longest, so that no other worker takes it in the next minutes."""
    file = queries.find_due(now, has_scanner=find_scanner() is not None)
    if file is not None:
        file.leased_until = now + LEASE
        db.session.flush()
    return file


def record_scan(file: EvidenceFile, found: ScanState, *, now: datetime) -> None:
    """Record what the scanner said. A file that turns out infected loses its release with everything else."""
    file.scan_state = found
    if found is ScanState.INFECTED:
        file.released_at = file.released_by_id = None
    _settle(file, now)


def record_copy(file: EvidenceFile, copy_name: str, size: int, *, text: str | None, now: datetime) -> None:
    """Record that there is a cleaned copy, with its text for the disclosure gate; None: it cannot be read whole."""
    file.copy_state, file.copy_name, file.copy_size = CopyState.CLEANED, copy_name, size
    if text is not None:
        file.text_sealed = seal(file.data_key, text, text_context(file.id))
    _settle(file, now)


def record_no_copy(file: EvidenceFile, why: str, *, now: datetime) -> None:
    """Record that there can be no cleaned copy: the file never leaves the team."""
    file.copy_state, file.copy_note = CopyState.CANNOT, why[:NOTE_LENGTH]
    _settle(file, now)


def _settle(file: EvidenceFile, now: datetime) -> None:
    file.tries, file.leased_until = 0, None
    file.next_try_at = min(file.next_try_at, now)
    db.session.flush()


def record_failure(file: EvidenceFile, *, now: datetime) -> None:
    """Record that scanner or store did not answer: again later, each time after a longer wait, for ever."""
    file.tries += 1
    file.leased_until = None
    file.next_try_at = now + min(FIRST_WAIT * 2 ** min(file.tries - 1, 10), LONGEST_WAIT)
    db.session.flush()


def release(file: EvidenceFile, *, by_id: UUID, now: datetime) -> None:
    """Mark the cleaned copy as one that may be shown to the authority.

    Raises:
        ValueError: there is no copy, or it was not scanned.
    """
    if not may_release(file.scan_state, file.copy_state):
        raise ValueError("only a cleaned and scanned copy may be released")
    file.released_at, file.released_by_id = now, by_id
    db.session.flush()


def withdraw_release(file: EvidenceFile) -> None:
    """Take the mark back."""
    file.released_at = file.released_by_id = None
    db.session.flush()
