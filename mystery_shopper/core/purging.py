"""Making what was deleted or overwritten unreadable in the files of the database, as far as a program can.

SQLite overwrites with zeros what is deleted (`secure_delete`), but its log keeps older pages until it is written back
and cut to nothing. PostgreSQL keeps old rows until a vacuum; a full one writes the table of keys anew. Older pages may
stay in its write-ahead log until that is recycled, and in backups: docs/records.md says what that means.
"""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from mystery_shopper.core.errors import UnavailableError

KEY_TABLE = "data_keys"
LOOKS = 100
LOOK_SECONDS = 0.1
LOCK_SECONDS = 5
NOW = text("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS xid) AS text)")
OLDER_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (age(backend_xid) > age(CAST(:now AS xid))"
    " OR (datname = current_database() AND age(backend_xmin) > age(CAST(:now AS xid))))"
)
"""Who reads in this database, and who writes in any of the server: a full vacuum looks past neither."""


class DatabaseBusyError(UnavailableError):
    """Somebody reads or writes just now, so what they may still look at could not be removed; ask again."""


def purge(engine: Engine, tables: Iterable[str], in_the_clear: Iterable[str] = ()) -> None:
    """Remove what is left of deleted and overwritten rows. Not inside a unit of work. Safe to repeat.

    `in_the_clear`: tables with words that are not sealed. In PostgreSQL they are written anew, as the keys are.

    Raises:
        DatabaseBusyError: SQLite's log is in use now; in PostgreSQL somebody reads since before the call, or stays in a
            table that is to be written anew.
    """
    if engine.dialect.name == "sqlite":
        _purge_sqlite(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _wait_for_readers(connection)
        anew = {KEY_TABLE, *in_the_clear}
        _write_anew(connection, sorted(anew))
        for table in sorted(set(tables) - anew):
            connection.exec_driver_sql(f"VACUUM {table}")


def _write_anew(connection: Connection, tables: Iterable[str]) -> None:
    """Vacuum tables in full. Everybody who comes to one waits behind this, so it does not wait long itself."""
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    try:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    except OperationalError as error:
        raise DatabaseBusyError("Somebody stays in a table that is to be written anew. It is tried again.") from error
    finally:
        connection.exec_driver_sql("RESET lock_timeout")


def _wait_for_readers(connection: Connection) -> None:
    """Wait some seconds for transactions that began earlier: a vacuum leaves what they may still see."""
    now = connection.scalar(NOW)
    for _ in range(LOOKS):
        if not connection.scalar(OLDER_READERS, {"now": now}):
            return
        time.sleep(LOOK_SECONDS)
    raise DatabaseBusyError("Somebody has been reading in the database for some seconds. It is tried again.")


def _purge_sqlite(engine: Engine) -> None:
    """Purge on a connection that is in no transaction: SQLAlchemy would begin one, and the log is not cut in one."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("INSERT INTO case_search(case_search) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        answer = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    if answer is None or answer[0]:
        raise DatabaseBusyError("The log of the database is in use and could not be cut. It is tried again.")
