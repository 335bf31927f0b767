"""A report is sent while something goes wrong: a body that is cut, the same report at once, a locked database."""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select

from config import Config
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.intake.queries import find_draft, read_draft
from tests.faults.drafts import SESSION_COOKIE, Prepared, prepare_drafts
from tests.faults.test_ledger import CONFIRMED, count, try_to_send
from tests.intake.walking import read_forms
from tests.support.server import RunningServer
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Visitor

AT_ONCE = 8
STORY = "Words that somebody typed for an hour"


@pytest.fixture
def server(app: Flask, settings: Config, tmp_path: Path) -> Iterator[RunningServer]:
    """The real server on the database of the test."""
    with run_shared_server(settings, tmp_path / "instance") as running:
        yield running


@pytest.fixture
def prepared(app: Flask) -> Prepared:
    """A draft that only has to be sent."""
    return prepare_drafts(app, 1)[0]


def narrative_of(app: Flask, prepared: Prepared) -> str:
    with app.app_context():
        row = find_draft(prepared.draft_id, clock.today())
        assert row is not None
        story = read_draft(row).answers.narrative
        db.session.remove()
    return story


def count_reports(app: Flask) -> tuple[int, int]:
    with app.app_context():
        found = (count(Report), count(Case))
        db.session.remove()
    return found


def filled_page(visitor: Visitor, path: str, **answers: str) -> dict[str, object]:
    """Return what a page sends with some answers filled in."""
    fields = next(form for _, form in read_forms(visitor.get(path).text) if "draft" in form)
    return {**fields, **answers}


def send_raw(server: RunningServer, prepared: Prepared, path: str, body: bytes, length: int) -> bytes:
    """Send a body that says it has `length` bytes, go away after it, and return the first line of the answer."""
    address = urlsplit(server.url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {SESSION_COOKIE}={prepared.token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(4096).split(b"\r\n", 1)[0]


@pytest.mark.slow
class TestCutBody:
    def test_a_page_whose_body_was_cut_is_refused_and_changes_nothing(
        self, app: Flask, server: RunningServer, prepared: Prepared
    ) -> None:
        visitor = prepared.visitor(server.url)
        fields = filled_page(visitor, "/report/what-happened", narrative=STORY)
        whole = urlencode(fields, doseq=True).encode()
        place = whole.index(b"narrative=") + len(b"narrative=Words")

        for sent in (whole[:place], whole[:-1], b""):
            answer = send_raw(server, prepared, "/report/what-happened", sent, len(whole))
            assert b" 400 " in answer, sent
            assert narrative_of(app, prepared) == prepared.story

        assert b" 302 " in send_raw(server, prepared, "/report/what-happened", whole, len(whole))
        assert narrative_of(app, prepared) == STORY

    def test_a_last_page_whose_body_was_cut_sends_no_report(
        self, app: Flask, server: RunningServer, prepared: Prepared
    ) -> None:
        visitor = prepared.visitor(server.url)
        whole = urlencode(filled_page(visitor, "/report/check", saved_code="yes"), doseq=True).encode()
        answer = send_raw(server, prepared, "/report/check", whole, len(whole) + 10)
        assert b" 400 " in answer
        assert count_reports(app) == (0, 0)


@pytest.mark.slow
def test_a_report_sent_many_times_at_once_is_one_report_and_each_answer_confirms_it(
    app: Flask, server: RunningServer, prepared: Prepared
) -> None:
    fields = filled_page(prepared.visitor(server.url), "/report/check", saved_code="yes")
    together = threading.Barrier(AT_ONCE)

    def send(_number: int) -> str:
        visitor = prepared.visitor(server.url)
        together.wait()
        page = visitor.post("/report/check", fields, follow_redirects=True)
        confirmed = CONFIRMED.search(page.text)
        assert confirmed, f"{page.status_code} {page.text}"
        return confirmed.group(1)

    with ThreadPoolExecutor(AT_ONCE) as clients:
        references = set(clients.map(send, range(AT_ONCE)))

    assert len(references) == 1
    assert count_reports(app) == (1, 1)
    with app.app_context():
        assert references == {db.session.scalar(select(Case.public_reference))}
        db.session.remove()


@contextmanager
def locked(settings: Config) -> Iterator[None]:
    """Hold the database so that nobody else can write."""
    if settings.is_sqlite:
        holder = sqlite3.connect(str(make_url(settings.database_url).database), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        return
    url = make_url(settings.database_url)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        connection.execute("LOCK TABLE drafts, reports, cases, audit_entries IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def in_background(call: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Start a call in a thread; what it returns is put into the list."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    return thread, results


@pytest.mark.slow
class TestLockedDatabase:
    def test_a_short_lock_is_waited_for(
        self, app: Flask, settings: Config, server: RunningServer, prepared: Prepared
    ) -> None:
        visitor = prepared.visitor(server.url)
        fields = filled_page(visitor, "/report/check", saved_code="yes")
        with locked(settings):
            thread, results = in_background(lambda: visitor.post("/report/check", fields))
            time.sleep(3)
            assert not results
        thread.join()
        assert [answer.status_code for answer in results] == [302]  # type: ignore[attr-defined]
        assert count_reports(app) == (1, 1)

    def test_a_long_lock_gives_503_with_the_text_kept_and_the_service_recovers_by_itself(
        self, app: Flask, settings: Config, server: RunningServer, prepared: Prepared
    ) -> None:
        visitor = prepared.visitor(server.url)
        fields = filled_page(visitor, "/report/what-happened", narrative=STORY)
        with locked(settings):
            began = time.monotonic()
            answer = visitor.post("/report/what-happened", fields)
            waited = time.monotonic() - began
            assert Visitor(server.url).get("/healthz").status_code == 200
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert waited < 8
        assert STORY in answer.text
        assert STORY not in server.printed()
        assert narrative_of(app, prepared) == prepared.story

        again = next(form for _, form in read_forms(answer.text) if "narrative" in form)
        assert visitor.post("/report/what-happened", again).status_code == 302
        assert narrative_of(app, prepared) == STORY
        assert try_to_send(prepared.visitor(server.url), prepared, threading.Event()).startswith("PR-")
