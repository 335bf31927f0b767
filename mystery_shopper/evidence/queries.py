"""Reads of evidence. Whose files may be seen is decided above: by the draft, the receipt or the case they belong to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from mystery_shopper.core.db import db
from mystery_shopper.core.vault import unseal_stream
from mystery_shopper.evidence.models import EvidenceFile, copy_context, original_context
from mystery_shopper.evidence.policy import CopyState, ScanState
from mystery_shopper.evidence.stores import store


@dataclass(frozen=True)
class Holder:
    """What a file belongs to: a report that is being written, one that was sent, or an inquiry the authority answers.

    An inquiry comes with its case. `message_id` is the message it came with; `to_reporter`: staff send it, and what
    they send is listed by itself.
    """

    draft_id: UUID | None = None
    report_id: UUID | None = None
    message_id: UUID | None = None
    to_reporter: bool = False
    inquiry_id: UUID | None = None
    case_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """Return the id of the draft, the report or the inquiry."""
        found = self.draft_id or self.report_id or self.inquiry_id
        if found is None:
            raise ValueError("a holder is a draft, a report or an inquiry")
        return found

    @property
    def mac_data(self) -> bytes:
        """Return within what the same bytes are the same file: a report, but each message that staff send."""
        return self.id.bytes + (self.message_id.bytes if self.to_reporter and self.message_id else b"")

    def condition(self) -> ColumnElement[bool]:
        """Return the condition under which a file is of this holder."""
        if self.draft_id is not None:
            return EvidenceFile.draft_id == self.draft_id
        if self.inquiry_id is not None:
            return EvidenceFile.inquiry_id == self.inquiry_id
        return and_(EvidenceFile.report_id == self.id, EvidenceFile.to_reporter.is_(self.to_reporter))


def list_files(holder: Holder) -> Sequence[EvidenceFile]:
    """Return the files of a draft or a report in the order they came."""
    return db.session.scalars(select(EvidenceFile).where(holder.condition()).order_by(EvidenceFile.position)).all()


def count_files(holder: Holder) -> int:
    """Return how many files a draft or a report has."""
    return db.session.scalar(select(func.count()).select_from(EvidenceFile).where(holder.condition())) or 0


def list_files_of(report_ids: Collection[UUID]) -> Sequence[EvidenceFile]:
    """Return the files that the reporters of several reports sent."""
    return db.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.report_id.in_(report_ids), EvidenceFile.to_reporter.is_(False))
        .order_by(EvidenceFile.report_id, EvidenceFile.position)
    ).all()


def list_attached(report_ids: Collection[UUID]) -> Sequence[EvidenceFile]:
    """Return the files that came with messages of these reports, in either direction."""
    return db.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.report_id.in_(report_ids), EvidenceFile.message_id.is_not(None))
        .order_by(EvidenceFile.report_id, EvidenceFile.position)
    ).all()


def find_by_mac(content_mac: bytes) -> EvidenceFile | None:
    """Return the file that holds the same, in the same report."""
    return db.session.scalar(select(EvidenceFile).where(EvidenceFile.content_mac == content_mac))


def find_due(now: datetime, *, has_scanner: bool) -> EvidenceFile | None:
    """Return the file that has waited longest for the scanner or for its copy, locked; None when none is due.

    Once a scanner is installed, what came before it is scanned too.
    """
    unread = [ScanState.WAITING, ScanState.UNSCANNED] if has_scanner else [ScanState.WAITING]
    to_copy = and_(
        EvidenceFile.copy_state == CopyState.WAITING,
        EvidenceFile.scan_state.in_([ScanState.CLEAN, ScanState.UNSCANNED]),
    )
    return db.session.scalar(
        select(EvidenceFile)
        .where(
            or_(EvidenceFile.scan_state.in_(unread), to_copy),
            EvidenceFile.next_try_at <= now,
            or_(EvidenceFile.leased_until.is_(None), EvidenceFile.leased_until <= now),
        )
        .order_by(EvidenceFile.next_try_at, EvidenceFile.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=EvidenceFile)
    )


def known_names() -> set[str]:
    """Return the names of the store that records name."""
    rows = db.session.execute(select(EvidenceFile.object_name, EvidenceFile.copy_name))
    return {name for row in rows for name in row if name is not None}


@dataclass(frozen=True)
class Standing:
    """How many files wait for the scanner, were never scanned, hold a virus."""

    waiting: int
    unscanned: int
    infected: int


def standing() -> Standing:
    """Return how the files stand, for operators."""
    rows = db.session.execute(select(EvidenceFile.scan_state, func.count()).group_by(EvidenceFile.scan_state))
    counts = dict(row.tuple() for row in rows)
    return Standing(
        counts.get(ScanState.WAITING, 0), counts.get(ScanState.UNSCANNED, 0), counts.get(ScanState.INFECTED, 0)
    )


def read_original(file: EvidenceFile) -> Iterator[bytes]:
    """Yield the bytes a reporter sent.

    Raises:
        StoreError: the store does not have it or does not answer.
        UnsealError: the key was erased, or the stored bytes are not what was stored.
    """
    return unseal_stream(file.data_key, store().read(file.object_name), original_context(file.id))


def read_copy(file: EvidenceFile) -> Iterator[bytes]:
    """Yield the bytes of the cleaned copy; as `read_original`."""
    if file.copy_name is None:
        raise ValueError("there is no cleaned copy")
    return unseal_stream(file.data_key, store().read(file.copy_name), copy_context(file.id))
