"""Workers are killed while reports are sent: nothing that was acknowledged is lost, doubled or halved.

Each client writes a receipt into its own ledger, and syncs it, only after it has seen the confirmation.
FAULTS=full (make faults) sends 200 reports, otherwise 20.
"""

import http.client
import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from config import Config
from mystery_shopper.audit import verification
from mystery_shopper.cases.models import Case, CaseEventRecord, CaseFact, Flag, Report, ReporterIdentity
from mystery_shopper.cases.queries import find_identity, find_report_by_receipt, get_case_of, list_events
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.crypto import UnsealError, keyring
from mystery_shopper.core.db import db, separate_reading, transaction
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.services import submit_draft
from tests.faults.drafts import Prepared, prepare_drafts
from tests.intake.walking import read_forms
from tests.support.server import RunningServer
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Visitor

FULL = os.environ.get("FAULTS") == "full"
SUBMISSIONS = 200 if FULL else 20
CLIENTS = 8
KILLS_AT_LEAST = 20 if FULL else 3
GIVE_UP_SECONDS = 240
CONFIRMED = re.compile(r"Your reference is\s*(?:<[^>]*>\s*)*(PR-[0-9A-Z]{10})")
CODE = re.compile(r'<p class="ms-code">(.*?)</p>', re.DOTALL)


class Ledger:
    """What clients were told, on disk before they believe it."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")
        self.path = path
        self.answered = threading.Event()

    def write(self, **entry: str) -> None:
        """Add an entry and wait until it is on disk."""
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def entries(self) -> list[dict[str, str]]:
        """Return what stands in the file."""
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


def worker_ids(server: RunningServer) -> list[int]:
    """Return the processes that answer requests: the children of the server."""
    pid = server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def killing(server: RunningServer, answered: threading.Event) -> Iterator[list[int]]:
    """Kill a worker again and again, at moments nobody can guess, while the block runs.

    Between two kills something is answered, so that a slow machine gets on too.
    """
    killed: list[int] = []
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(random.uniform(0.2, 1.2)):
            for victim in random.sample(worker_ids(server), 1) if worker_ids(server) else ():
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)
            answered.clear()
            while not (answered.wait(0.1) or stop.is_set()):
                pass

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


def send_report(url: str, prepared: Prepared, ledger: Ledger) -> int:
    """Send a draft as a stubborn person does: look at the answers, send, and try again until it is confirmed."""
    visitor = prepared.visitor(url)
    deadline = time.monotonic() + GIVE_UP_SECONDS
    tries = 0
    while time.monotonic() < deadline:
        tries += 1
        try:
            reference = try_to_send(visitor, prepared, ledger.answered)
        except (OSError, http.client.HTTPException):
            time.sleep(random.uniform(0.02, 0.2))
            continue
        ledger.write(code=prepared.code, reference=reference, story=prepared.story)
        return tries
    raise AssertionError(f"{prepared.draft_id} was never confirmed")


def try_to_send(visitor: Visitor, prepared: Prepared, answered: threading.Event) -> str:
    """Send a draft once and return the reference that was confirmed."""
    page = visitor.get("/report/check", follow_redirects=True)
    answered.set()
    assert page.status_code == 200, page.text
    if page.request.path == "/report/check":
        shown = CODE.search(page.text)
        assert shown
        assert receipts.parse(re.sub(r"<[^>]*>", "", shown.group(1))) == receipts.parse(prepared.code)
        fields = next(form for _, form in read_forms(page.text) if "draft" in form)
        page = visitor.post("/report/check", {**fields, "saved_code": "yes"}, follow_redirects=True)
        answered.set()
    confirmed = CONFIRMED.search(page.text)
    assert confirmed, f"{page.status_code} {page.request.path} {page.text}"
    return confirmed.group(1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_was_acknowledged_is_there_once_and_whole_although_workers_are_killed(
    app: Flask, settings: Config, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    drafts = prepare_drafts(app, SUBMISSIONS)
    left_alone = prepare_drafts(app, 1)[0]
    ledger = Ledger(tmp_path / "ledger.jsonl")
    request.addfinalizer(ledger.close)
    with run_shared_server(settings, tmp_path / "instance") as server:
        with killing(server, ledger.answered) as killed, ThreadPoolExecutor(CLIENTS) as clients:
            tries = list(clients.map(lambda prepared: send_report(server.url, prepared, ledger), drafts))
            while len(killed) < KILLS_AT_LEAST:
                ledger.answered.set()
                time.sleep(0.1)
        server.kill()
    summary = f"{SUBMISSIONS} reports, {len(killed)} workers killed, {sum(tries) - SUBMISSIONS} attempts repeated"
    print(summary)  # noqa: T201 - make faults shows it

    entries = ledger.entries()
    assert len(entries) == SUBMISSIONS
    with app.app_context():
        for entry in entries:
            check_whole(entry)
        check_nothing_else(left_alone)
        with separate_reading() as session:
            assert verification.verify(session, keyring().audit_key()).is_whole
        db.session.remove()


def check_whole(entry: dict[str, str]) -> None:
    """Check that a receipt opens exactly the report it was given for, with everything that belongs to it."""
    report = find_report_by_receipt(receipts.digest(receipts.parse(entry["code"])))
    assert report is not None, entry
    assert report.content.narrative == entry["story"]
    identity = find_identity(report)
    assert identity is not None
    assert identity.email == "joan@quillfeather.example"
    case = db.session.get_one(Case, report.case_id)
    assert case.public_reference == entry["reference"]
    assert case.title == "Community meals service"
    assert [event.tag for event in list_events(case)].count("report:filed") == 1
    assert case.queue != "new"
    assert count(Flag, Flag.case_id == case.id) > 0
    assert count(CaseFact, CaseFact.case_id == case.id) > 0
    draft = db.session.get_one(Draft, report.submission_id)
    assert (draft.submitted_report_id, draft.content_sealed, draft.code_mac) == (report.id, None, None)


def check_nothing_else(left_alone: Prepared) -> None:
    """Check that there is nothing that nobody was told of, nothing twice, and nothing by halves."""
    assert count(Report) == count(Case) == count(ReporterIdentity) == SUBMISSIONS
    filed = Counter(db.session.scalars(select(CaseEventRecord.case_id).where(CaseEventRecord.tag == "report:filed")))
    assert set(filed.values()) == {1}
    assert len(filed) == SUBMISSIONS
    serials = db.session.scalars(select(Case.serial)).all()
    assert sorted(serials) == list(range(1, SUBMISSIONS + 1))
    unsent = db.session.get_one(Draft, left_alone.draft_id)
    assert unsent.submitted_report_id is None
    assert unsent.content_sealed is not None


def count(model: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE reports SET receipt_mac = NULL",
        "DELETE FROM flags",
        "DELETE FROM case_facts",
        "UPDATE cases SET public_reference = 'PR-0000000000'",
        "UPDATE reports SET content_sealed = data_keys.wrapped FROM data_keys",
    ],
)
def test_the_check_notices_a_report_that_is_lost_or_halved(app: Flask, damage: str) -> None:
    prepared = prepare_drafts(app, 1)[0]
    with app.app_context():
        with transaction():
            report = submit_draft(prepared.draft_id, now=clock.reporter_now())
            reference = get_case_of(report).public_reference
        entry = {"code": prepared.code, "story": prepared.story, "reference": reference}
        check_whole(entry)
        with transaction() as session:
            session.execute(text(damage))
        with pytest.raises((AssertionError, UnsealError)):
            check_whole(entry)
        db.session.remove()
