"""The session cannot be read or stored: a page that says so and keeps what was typed, never a bare failure."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from config import Config
from tests.faults.drafts import Prepared, prepare_drafts
from tests.faults.test_sending import STORY, filled_page
from tests.intake.walking import read_forms
from tests.support.server import RunningServer
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def server(app: Flask, settings: Config, tmp_path: Path) -> Iterator[RunningServer]:
    """The real server on the database of the test."""
    with run_shared_server(settings, tmp_path / "instance") as running:
        yield running


@pytest.fixture
def prepared(app: Flask) -> Prepared:
    """A draft that only has to be sent."""
    return prepare_drafts(app, 1)[0]


@contextmanager
def locked_sessions(settings: Config, mode: str) -> Iterator[None]:
    """Hold the sessions so that they cannot be written (EXCLUSIVE), or on PostgreSQL not even be read."""
    if settings.is_sqlite:
        holder = sqlite3.connect(str(make_url(settings.database_url).database), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")
        holder.close()
        return
    url = make_url(settings.database_url)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        connection.execute(f"LOCK TABLE stored_sessions IN {mode} MODE")
        yield
        connection.rollback()


def test_a_session_that_cannot_be_stored_gives_the_503_page(
    settings: Config, server: RunningServer, prepared: Prepared
) -> None:
    visitor = prepared.visitor(server.url)
    visitor.post("/report/check", filled_page(visitor, "/report/check", saved_code="yes"))
    asked = read_forms(visitor.get("/receipt").text)[0][1]
    assert visitor.post("/receipt", {**asked, "code": prepared.code}).status_code == 302
    page = visitor.get("/receipt/case").text
    fields = next(form for action, form in read_forms(page) if action == "/receipt/leave")
    with locked_sessions(settings, "EXCLUSIVE"):
        began = time.monotonic()
        answer = visitor.post("/receipt/leave", fields)
        waited = time.monotonic() - began
    assert answer.status_code == 503
    assert "Sorry, the service is unavailable" in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert waited < 8
    again = visitor.post("/receipt/leave", fields)
    assert again.status_code == 302


def test_words_that_come_while_the_sessions_are_locked_are_kept_and_can_be_sent_again(
    settings: Config, server: RunningServer, prepared: Prepared
) -> None:
    visitor = prepared.visitor(server.url)
    fields = filled_page(visitor, "/report/what-happened", narrative=STORY)
    with locked_sessions(settings, "ACCESS EXCLUSIVE"):
        answer = visitor.post("/report/what-happened", fields)
    assert answer.status_code == 503
    assert STORY in answer.text
    again = next(form for _, form in read_forms(answer.text) if "narrative" in form)
    assert visitor.post("/report/what-happened", again).status_code == 302
    assert STORY in visitor.get("/report/what-happened").text
    assert Visitor(server.url).get("/healthz").status_code == 200
