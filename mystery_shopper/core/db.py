"""The database: one base class, one metadata, one place that commits.

SQLite runs in WAL with synchronous FULL and foreign keys on; a unit of work that may write takes the write lock
when it begins (BEGIN IMMEDIATE), because a transaction that reads first and writes later fails at once when
another writer came between. PostgreSQL runs READ COMMITTED with synchronous_commit on.
"""

import sqlite3
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 5000
ENUM_LENGTH = 40

SQLITE_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

ANSWERS = "answers"
"""Where a session keeps what `read_once` has asked."""

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; naive values are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def _enum_values(enum_class: type[StrEnum]) -> list[str]:
    return [member.value for member in enum_class]


def named_enum(enum_class: type[StrEnum], name: str) -> Enum:
    """Return the column type of an enumeration that one table uses more than once: each CHECK needs its own name."""
    return Enum(
        enum_class,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=ENUM_LENGTH,
        values_callable=_enum_values,
    )


class Base(DeclarativeBase):
    """Base of every table. Enumerations are stored by value and guarded by a CHECK."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UtcDateTime(),
            StrEnum: Enum(
                StrEnum, native_enum=False, create_constraint=True, length=ENUM_LENGTH, values_callable=_enum_values
            ),
        },
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if _reading.get():
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    """Take the write lock. Threads of this process wait one behind the other, and only the first asks for the lock.

    SQLite itself knows no order: whoever asks often gets it, and of many at once some would wait until their time is
    over while later ones are served. Whoever waited too long for their turn asks all the same. Every database has its
    own queue: whoever holds the lock of one may still write in another (the counters of limits).
    """
    turn = _turns[str(connection.engine.url.database)]
    is_first = turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        if is_first:
            turn.release()


@event.listens_for(Session, "before_flush")
def _refuse_writes_while_reading(session: Session, _context: Any, _instances: Any) -> None:
    if _reading.get() and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a page that only reads tried to write")


def set_reading(reading: bool) -> None:
    """Say whether what follows in this context only reads (GET, HEAD), so that it takes no write lock."""
    _reading.set(reading)


def is_reading() -> bool:
    """Tell whether this context may only read: a page that is looked at, or a form without a valid token."""
    return _reading.get()


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what the block did, or nothing of it. For commands and workers; views use `transactional`."""
    token = _reading.set(False)
    try:
        yield db.session()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _reading.reset(token)


@contextmanager
def separate_transaction() -> Iterator[Session]:
    """Commit the block on a connection of its own, whatever becomes of the request.

    For what must be on record before the answer is given: that somebody looked at a case, that a password was tried.
    On SQLite it must not be opened inside a unit of work that holds the write lock.
    """
    token = _reading.set(False)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        _reading.reset(token)


@contextmanager
def separate_reading() -> Iterator[Session]:
    """Read on a connection of its own, without the write lock, whatever the request is doing."""
    token = _reading.set(True)
    try:
        with Session(db.engine, expire_on_commit=False) as session:
            yield session
    finally:
        _reading.reset(token)


P = ParamSpec("P")
R = TypeVar("R")


class Identified(Protocol):
    """A row with an id."""

    @property
    def id(self) -> Any:
        """The id."""


T = TypeVar("T", bound=Identified)


def read_once(read: Callable[[T], R]) -> Callable[[T], R]:
    """Ask the database once for what several parts of a page read of the same row, where the request only reads."""

    @wraps(read)
    def ask(row: T) -> R:
        if not _reading.get():
            return read(row)
        answers = db.session().info.setdefault(ANSWERS, {})
        question = (read, row.id)
        if question not in answers:
            answers[question] = read(row)
        return cast("R", answers[question])

    return ask


@event.listens_for(Session, "after_flush")
def _forget_answers(session: Session, _context: Any) -> None:
    session.info.pop(ANSWERS, None)


def transactional(view: Callable[P, R]) -> Callable[P, R]:
    """Commit when the view returns, roll back when it raises. The innermost decorator of a view that writes."""

    @wraps(view)
    def committing(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            answer = view(*args, **kwargs)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return answer

    return committing


def new_id() -> uuid.UUID:
    """Return a new random identifier of 122 bits."""
    return uuid.uuid4()


def day_of(moment: datetime) -> date:
    """Return the UTC date of a stored moment."""
    return moment.astimezone(UTC).date()
