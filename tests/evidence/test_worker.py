"""What the worker does with a file: scan, copy, try again, sweep; and what a kill in between leaves."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.core.vault import Clearance
from mystery_shopper.evidence import queries, services, worker
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import CopyState, Kind, ScanState
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.stores import store
from mystery_shopper.evidence.worker import evidence_round, sweep_orphans
from tests.evidence.clamd import Behaviour, FakeClamd
from tests.factories.evidence import EICAR, SMALLEST, TEXT, add_evidence, docx
from tests.factories.reports import Filed

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def report_id(file_report: Callable[..., Filed]) -> UUID:
    return file_report().report_id


def add(report_id: UUID, content: bytes = TEXT, **details: object) -> UUID:
    with transaction():
        return add_evidence(report_id, content=content, is_copied=False, **details).id


def get(file_id: UUID) -> EvidenceFile:
    db.session.rollback()
    return db.session.get_one(EvidenceFile, file_id)


def test_a_file_is_scanned_and_then_copied(report_id: UUID) -> None:
    file_id = add(report_id, SMALLEST[Kind.PDF], kind=Kind.PDF, scan=ScanState.WAITING)
    with FakeClamd() as scanner, scanner.installed():
        assert evidence_round()
        assert get(file_id).scan_state is ScanState.CLEAN
        assert evidence_round()
        assert not evidence_round()
    file = get(file_id)
    assert file.copy_state is CopyState.CLEANED
    assert b"".join(queries.read_copy(file)).startswith(b"%PDF")
    assert "A bond of five million pounds" in str(file.text)


def test_without_a_scanner_a_file_is_marked_as_not_scanned(report_id: UUID) -> None:
    file_id = add(report_id, scan=ScanState.WAITING)
    while evidence_round():
        pass
    assert (get(file_id).scan_state, get(file_id).copy_state) == (ScanState.UNSCANNED, CopyState.CLEANED)


def test_once_there_is_a_scanner_what_came_before_is_scanned(report_id: UUID) -> None:
    file_id = add(report_id, EICAR, scan=ScanState.UNSCANNED)
    while evidence_round():
        pass
    assert get(file_id).copy_state is CopyState.CLEANED
    with FakeClamd() as scanner, scanner.installed():
        while evidence_round():
            pass
    assert get(file_id).scan_state is ScanState.INFECTED


def test_a_virus_is_on_record_and_never_copied(report_id: UUID) -> None:
    file_id = add(report_id, EICAR, scan=ScanState.WAITING)
    with FakeClamd() as scanner, scanner.installed():
        while evidence_round():
            pass
    assert (get(file_id).scan_state, get(file_id).copy_state) == (ScanState.INFECTED, CopyState.WAITING)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence:infected")).one()
    assert (entry.actor, entry.subject_id) == ("system", str(file_id))


@pytest.mark.parametrize("behaviour", [Behaviour.BREAKS_OFF, Behaviour.BREAKS_OFF_AT_ONCE, Behaviour.ERROR])
def test_a_scanner_that_is_down_is_asked_again_later_and_later(report_id: UUID, behaviour: Behaviour) -> None:
    file_id = add(report_id, scan=ScanState.WAITING)
    waits = []
    start = clock.utc_now()
    with FakeClamd(behaviour) as scanner, scanner.installed():
        for _ in range(4):
            with clock.frozen(max(start, get(file_id).next_try_at)):
                assert evidence_round()
                waits.append(get(file_id).next_try_at - clock.utc_now())
                assert not evidence_round()
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert get(file_id).scan_state is ScanState.WAITING
    with FakeClamd() as scanner, scanner.installed(), clock.frozen(start + timedelta(days=1)):
        assert evidence_round()
    assert (get(file_id).scan_state, get(file_id).tries) == (ScanState.CLEAN, 0)


def test_what_cannot_be_cleaned_says_why(report_id: UUID) -> None:
    content = docx(more={"word/embeddings/oleObject1.bin": b"x"})
    file_id = add(report_id, content, kind=Kind.DOCX)
    assert evidence_round()
    assert (get(file_id).copy_state, get(file_id).copy_note) == (CopyState.CANNOT, "The document holds another file")


def test_a_file_that_was_altered_in_the_store_is_not_copied(report_id: UUID) -> None:
    file_id = add(report_id)
    name = get(file_id).object_name
    stored = b"".join(store().read(name))
    store().put(name, [stored[:-1] + bytes([stored[-1] ^ 1])])
    assert evidence_round()
    assert (get(file_id).copy_state, get(file_id).copy_note) == (CopyState.CANNOT, worker.GONE)


def test_a_store_that_is_away_is_asked_again(report_id: UUID) -> None:
    file_id = add(report_id)
    store().delete(get(file_id).object_name)
    assert evidence_round()
    assert (get(file_id).copy_state, get(file_id).tries) == (CopyState.WAITING, 1)
    assert not evidence_round()


def test_two_workers_never_take_the_same_file(report_id: UUID) -> None:
    add(report_id)
    with transaction():
        assert services.lease_due(clock.utc_now()) is not None
    with transaction():
        assert services.lease_due(clock.utc_now()) is None
    with transaction():
        later = clock.utc_now() + services.LEASE + timedelta(seconds=1)
        assert services.lease_due(later) is not None


def test_an_erased_key_makes_original_and_copy_unreadable(report_id: UUID) -> None:
    file_id = add(report_id)
    assert evidence_round()
    names = [one.name for one in store().list_all()]
    assert len(names) == 2
    with transaction():
        file = db.session.get_one(EvidenceFile, file_id)
        original, copy = queries.read_original(file), queries.read_copy(file)
        assert (b"".join(original), b"".join(copy)) == (TEXT, TEXT + b"\n")
        services.erase_file(file, Clearance("a test"), now=clock.utc_now())
    with pytest.raises(UnsealError):
        queries.read_original(file)
    assert db.session.get(EvidenceFile, file_id) is None
    assert sweep_orphans(clock.utc_now() + timedelta(days=3)) == 2
    assert list(store().list_all()) == []


def test_the_sweeper_takes_only_old_files_that_nothing_names(report_id: UUID) -> None:
    add(report_id)
    assert evidence_round()
    store().put("f" * 32, [b"left behind"])
    assert sweep_orphans(clock.utc_now()) == 0
    assert len(list(store().list_all())) == 3
    assert sweep_orphans(clock.utc_now() + timedelta(days=3)) == 1
    assert len(list(store().list_all())) == 2


def test_a_file_that_gets_its_row_while_the_sweeper_looks_is_kept(
    report_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = type(store()).list_all

    def list_then_add(self: object) -> Iterator[object]:
        listed = list(real(self))
        add(report_id, b"another")
        return iter(listed)

    monkeypatch.setattr(type(store()), "list_all", list_then_add)
    assert sweep_orphans(clock.utc_now() + timedelta(days=3)) == 0


class PowerCutError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("moment", ["before the file", "in the file", "between file and row", "before the commit"])
def test_a_kill_leaves_a_whole_file_or_none(
    app: Flask, report_id: UUID, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_arguments: object, **_options: object) -> None:
        raise PowerCutError

    spool = SealedSpool.of([TEXT])
    if moment == "before the file":
        monkeypatch.setattr(type(store()), "put", cut)
    if moment == "in the file":
        monkeypatch.setattr("mystery_shopper.evidence.stores.folder._round_time", cut)

    def upload_and_die() -> None:
        with transaction():
            taken = services.take_in("a.txt", spool, now=clock.reporter_now())
            if moment == "between file and row":
                cut()
            services.add_file(Holder(report_id=report_id), taken, now=clock.reporter_now())
            cut()

    with pytest.raises(PowerCutError):
        upload_and_die()
    monkeypatch.undo()
    assert db.session.scalars(select(EvidenceFile)).all() == []
    left = len(list(store().list_all()))
    assert left == (1 if moment in ("between file and row", "before the commit") else 0)
    assert sweep_orphans(clock.utc_now() + timedelta(days=3)) == left
    with transaction():
        again = services.take_in("a.txt", spool, now=clock.reporter_now())
        file, is_new = services.add_file(Holder(report_id=report_id), again, now=clock.reporter_now())
        assert is_new
        assert b"".join(queries.read_original(file)) == TEXT
