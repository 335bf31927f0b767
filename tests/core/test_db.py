"""Threads that write on SQLite wait in order, and for each database apart."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from mystery_shopper.core import db as core_db
from tests.factories.publications import add_authority

pytestmark = pytest.mark.sqlite
WRITERS = 6
ENOUGH = 20.0
"""Seconds after which a thread that has not come back hangs."""


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two databases, each with one table."""
    both = create_engine(f"sqlite:///{tmp_path / 'one.db'}"), create_engine(f"sqlite:///{tmp_path / 'two.db'}")
    for engine in both:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE noted (who INTEGER)"))
    yield both
    for engine in both:
        engine.dispose()


def note(engine: Engine, who: int) -> None:
    """Write one row."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO noted VALUES (:who)"), {"who": who})


def noted(engine: Engine) -> list[int]:
    """Return who has written, in the order of writing."""
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT who FROM noted ORDER BY rowid")))


def wait_for_queue(database: Engine) -> None:
    """Wait until a writer stands first in the queue of a database."""
    turn = core_db._turns[str(database.url.database)]
    for _ in range(2000):
        if turn.locked():
            return
        threading.Event().wait(0.005)
    raise AssertionError("nobody asked for the lock")


def test_many_writers_are_all_served_while_one_holds_the_lock(engines: tuple[Engine, Engine]) -> None:
    engine, _ = engines
    writers = [threading.Thread(target=note, args=(engine, number)) for number in range(WRITERS)]
    with engine.begin() as holding:
        for writer in writers:
            writer.start()
        wait_for_queue(engine)
        holding.execute(text("INSERT INTO noted VALUES (-1)"))
    for writer in writers:
        writer.join(ENOUGH)
    assert noted(engine)[0] == -1
    assert sorted(noted(engine)) == [-1, *range(WRITERS)]


def test_who_holds_the_lock_of_one_database_may_write_in_another_while_others_wait(
    engines: tuple[Engine, Engine],
) -> None:
    """The counters of limits lie in a database of their own and are written while a report is."""
    engine, counters = engines
    waiting = threading.Thread(target=note, args=(engine, 2))
    with engine.begin() as holding:
        waiting.start()
        wait_for_queue(engine)
        writing = threading.Thread(target=note, args=(counters, 1))
        writing.start()
        writing.join(core_db.BUSY_TIMEOUT_MS / 1000 / 2)
        assert noted(counters) == [1], "it waited behind a writer of another database"
        holding.execute(text("INSERT INTO noted VALUES (1)"))
    waiting.join(ENOUGH)
    assert noted(engine) == [1, 2]


def test_who_waited_too_long_for_a_turn_asks_all_the_same(
    engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who stands first and never comes back must not shut the others out."""
    engine, _ = engines
    monkeypatch.setattr(core_db, "BUSY_TIMEOUT_MS", 50)
    with core_db._turns[str(engine.url.database)]:
        note(engine, 1)
    assert noted(engine) == [1]


@dataclass(frozen=True)
class Row:
    """Something with an id."""

    id: str


Read = Callable[[Row], str]


class TestReadOnce:
    """What several parts of a page read of one row; the rows here are anything with an id."""

    @pytest.fixture
    def asked(self) -> list[str]:
        return []

    @pytest.fixture
    def read(self, app_context: Flask, asked: list[str]) -> Read:
        @core_db.read_once
        def read(row: Row) -> str:
            asked.append(row.id)
            return f"what is known of {row.id}"

        return read

    def test_a_request_that_only_reads_asks_once_for_each_row(self, read: Read, asked: list[str]) -> None:
        core_db.set_reading(True)
        assert [read(Row("a")), read(Row("b")), read(Row("a"))] == [f"what is known of {one}" for one in "aba"]
        assert asked == ["a", "b"]

    def test_one_that_may_write_asks_each_time(self, read: Read, asked: list[str]) -> None:
        core_db.set_reading(False)
        read(Row("a"))
        read(Row("a"))
        assert asked == ["a", "a"]

    def test_what_was_asked_is_forgotten_when_something_is_written(self, read: Read, asked: list[str]) -> None:
        core_db.set_reading(True)
        read(Row("a"))
        with core_db.transaction():
            add_authority()
        read(Row("a"))
        assert asked == ["a", "a"]
