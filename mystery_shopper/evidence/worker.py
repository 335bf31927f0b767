"""The share of the worker in evidence: one file at a time is scanned or copied; once a day the store is swept."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import seal_stream
from mystery_shopper.evidence import apart, queries, services
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.models import EvidenceFile, copy_context
from mystery_shopper.evidence.policy import ScanState, may_open
from mystery_shopper.evidence.scanner import ScannerDownError, find_scanner
from mystery_shopper.evidence.stores import StoreError, new_name, store
from mystery_shopper.holds import services as holds

logger = logging.getLogger(__name__)

GONE = "The stored file cannot be read"


def evidence_round() -> bool:
    """Scan or copy one file: lease it, work outside any transaction, record. Tell whether there was one."""
    with transaction():
        leased = services.lease_due(clock.utc_now())
        file_id = leased.id if leased is not None else None
        to_scan = leased is not None and _is_to_scan(leased)
    if file_id is None:
        return False
    try:
        if to_scan:
            _scan(file_id)
        else:
            _copy(file_id)
    except (ScannerDownError, StoreError) as error:
        logger.warning("A file waits: %s", error)
        with transaction():
            services.record_failure(_again(file_id), now=clock.utc_now())
    except UnsealError:
        with transaction():
            services.record_no_copy(_again(file_id), GONE, now=clock.utc_now())
    return True


def _is_to_scan(file: EvidenceFile) -> bool:
    if find_scanner() is None:
        return file.scan_state is ScanState.WAITING
    return file.scan_state in (ScanState.WAITING, ScanState.UNSCANNED)


def _again(file_id: UUID) -> EvidenceFile:
    return db.session.get_one(EvidenceFile, file_id, with_for_update={"of": EvidenceFile}, populate_existing=True)


def _scan(file_id: UUID) -> None:
    scanner = find_scanner()
    with transaction():
        pieces = queries.read_original(db.session.get_one(EvidenceFile, file_id))
    found = ScanState.UNSCANNED if scanner is None else scanner.scan(pieces)
    now = clock.utc_now()
    with transaction():
        services.record_scan(_again(file_id), found, now=now)
        if found is ScanState.INFECTED:
            audit.record(Action.EVIDENCE_INFECTED, actor=SYSTEM, subject="evidence", subject_id=file_id, now=now)


def _copy(file_id: UUID) -> None:
    with transaction():
        file = db.session.get_one(EvidenceFile, file_id)
        kind, key, pieces = file.kind, file.data_key, queries.read_original(file)
        db.session.expunge(key)
    copied = apart.make_copy(kind, pieces)
    if copied.content is None:
        with transaction():
            services.record_no_copy(_again(file_id), copied.why_not, now=clock.utc_now())
        return
    name = new_name()
    with copied.content as content:
        store().put(name, seal_stream(key, content.chunks(), copy_context(file_id)))
        size, text = content.size, apart.read_text(kind, content.chunks())
    with transaction():
        file = _again(file_id)
        if may_open(file.scan_state):
            services.record_copy(file, name, size, text=text, now=clock.utc_now())


def sweep_orphans(now: datetime) -> int:
    """Remove stored files that no record names and that are a day old; return how many. None under a hold on all.

    The names are read after the list of files: a file that gets its record in between is never taken for an orphan.
    """
    with transaction():
        is_held = holds.everything_is_held()
    if is_held:
        return 0
    old = [one for one in store().list_all() if now - one.written_at >= timedelta(hours=limits()[Limit.ORPHAN])]
    if not old:
        return 0
    with transaction():
        known = queries.known_names()
    orphans = [one.name for one in old if one.name not in known]
    for name in orphans:
        store().delete(name)
    return len(orphans)
