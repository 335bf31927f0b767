"""The database of a test session: a pattern is migrated once, each test finds what it holds."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import create_engine, make_url

from tests.support.postgres import worker_database

FRESH = "pattern"
"""The pattern of a database that is migrated and holds nothing yet."""


class Store(Protocol):
    """Where the tests of one worker keep their database."""

    url: str
    needs_closed: bool
    """Whether connections must be closed before `restore_pattern`; before `keep_pattern` they must be anyway."""

    def keep_pattern(self, name: str = FRESH) -> None:
        """Keep what is in the database now as a pattern; `restore_pattern` comes next."""

    def restore_pattern(self, name: str = FRESH) -> None:
        """Make the database like a pattern."""


class SqliteStore:
    """One file, copied back before each test."""

    needs_closed = True

    def __init__(self, folder: Path) -> None:
        self._file = folder / "test.sqlite3"
        self._folder = folder
        self.url = f"sqlite:///{self._file}"

    def keep_pattern(self, name: str = FRESH) -> None:
        """Copy the file through the online backup, which folds in the write-ahead log."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{self._pattern(name)}'")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()

    def restore_pattern(self, name: str = FRESH) -> None:
        """Put a new copy of a pattern in place; a connection an earlier test left open keeps the old file."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._pattern(name), self._file)

    def _pattern(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


WATCH_TABLES = """
CREATE SCHEMA watch;
CREATE TABLE watch.changes (what text);
CREATE FUNCTION watch.note() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO watch.changes VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER note_changes ON ddl_command_end EXECUTE FUNCTION watch.note()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
END_OTHER_TRANSACTIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""
END_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'
"""


class PostgresqlStore:
    """One database for each worker; its rows are put back before each test, and connections stay open.

    A copy of the whole database costs several times as much, and a new connection finds nothing in its caches. So the
    rows of a pattern lie in a schema beside the tables. A test that changed the tables themselves is noticed: the
    database is then made anew.
    """

    needs_closed = False

    def __init__(self, url: str) -> None:
        self.url = url
        self._name = str(make_url(url).database)
        self._whole = f"{self._name}_whole"
        self._restoring: dict[str, str] = {}

    def keep_pattern(self, name: str = FRESH) -> None:
        """Keep the rows that are there now, and a copy of the whole database."""
        with self._connect(self._name) as connection:
            if not self._restoring:
                connection.execute(WATCH_TABLES)
            connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
            connection.execute(f'CREATE SCHEMA "{name}"')
            self._restoring[name] = ";\n".join(_keep_rows(connection, name))
            connection.execute("DELETE FROM watch.changes")
        self._copy(self._name, self._whole)

    def restore_pattern(self, name: str = FRESH) -> None:
        """Put back the rows of a pattern; transactions a test left open are ended."""
        with self._connect(self._name) as connection:
            connection.execute(END_OTHER_TRANSACTIONS)
            same = connection.execute("SELECT NOT EXISTS (SELECT FROM watch.changes)").fetchone() == (True,)
            if same:
                connection.execute(self._restoring[name])
        if not same:
            self._copy(self._whole, self._name)
            self.restore_pattern(name)

    def _copy(self, source: str, target: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(END_SESSIONS, [source])  # of a server that is still stopping, say
            connection.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        address = make_url(self.url)
        return psycopg.connect(host=str(address.query["host"]), user=address.username, dbname=database, autocommit=True)


def _keep_rows(connection: psycopg.Connection[tuple[object, ...]], schema: str) -> Iterator[str]:
    """Copy the rows of every table into a schema; gives the statements that put them back.

    Triggers and foreign keys sleep meanwhile: some tables refuse that rows go, and the order does not matter.
    """
    yield "BEGIN; SET LOCAL session_replication_role = replica"
    filled = []
    for (table,) in connection.execute(TABLES).fetchall():
        yield f'DELETE FROM public."{table}"'
        if connection.execute(f'SELECT EXISTS (SELECT FROM public."{table}")').fetchone() == (True,):
            filled.append(table)
    for table in filled:
        connection.execute(f'CREATE TABLE "{schema}"."{table}" AS TABLE public."{table}"')
        yield f'INSERT INTO public."{table}" SELECT * FROM "{schema}"."{table}"'
    for counter, last in connection.execute(COUNTERS).fetchall():
        value = "1, false" if last is None else f"{last}, true"
        yield f"SELECT setval('public.\"{counter}\"', {value})"
    yield "COMMIT"


@contextmanager
def open_store(folder: Path, *, postgresql: bool) -> Iterator[Store]:
    """Open the database of this worker."""
    if not postgresql:
        yield SqliteStore(folder)
        return
    with worker_database(os.environ.get("PYTEST_XDIST_WORKER", "main")) as url:
        yield PostgresqlStore(url)
