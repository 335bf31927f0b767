"""The database of a test session: a pattern is migrated once, each test gets a copy of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, make_url, text

from tests.support.postgres import worker_database

FRESH = "pattern"
"""The pattern of a database that is migrated and holds nothing yet."""


class Store(Protocol):
    """Where the tests of one worker keep their database."""

    url: str

    def keep_pattern(self, name: str = FRESH) -> None:
        """Keep what is in the database now as a pattern. No connection may be open; `restore_pattern` comes next."""

    def restore_pattern(self, name: str = FRESH) -> None:
        """Make the database like a pattern. No connection may be open."""


class SqliteStore:
    """One file, copied back before each test."""

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


class PostgresqlStore:
    """One database for each worker, made anew from a pattern database. The patterns go with the server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._name = str(make_url(url).database)

    def keep_pattern(self, name: str = FRESH) -> None:
        """Keep the database as a pattern."""
        pattern = self._pattern(name)
        self._run(f'DROP DATABASE IF EXISTS "{pattern}"', f'ALTER DATABASE "{self._name}" RENAME TO "{pattern}"')

    def restore_pattern(self, name: str = FRESH) -> None:
        """Make the database from a pattern."""
        self._run(
            f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)',
            f'CREATE DATABASE "{self._name}" TEMPLATE "{self._pattern(name)}"',
        )

    def _pattern(self, name: str) -> str:
        return f"{self._name}_{name}"

    def _run(self, *statements: str) -> None:
        server = create_engine(make_url(self.url).set(database="postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        server.dispose()


@contextmanager
def open_store(folder: Path, *, postgresql: bool) -> Iterator[Store]:
    """Open the database of this worker."""
    if not postgresql:
        yield SqliteStore(folder)
        return
    with worker_database(os.environ.get("PYTEST_XDIST_WORKER", "main")) as url:
        yield PostgresqlStore(url)
