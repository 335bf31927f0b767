"""Making what was deleted or overwritten unreadable in the files of the database, as far as a program can.

SQLite overwrites with zeros what is deleted (`secure_delete`), but its log keeps older pages until it is written back
and cut to nothing. PostgreSQL keeps old rows until a vacuum; a full one writes the table of keys anew. Older pages may
stay in its write-ahead log until that is recycled, and in backups: docs/records.md says what that means.
"""

from collections.abc import Iterable

from sqlalchemy import Engine

from mystery_shopper.core.errors import UnavailableError

KEY_TABLE = "data_keys"


class DatabaseBusyError(UnavailableError):
    """Somebody is reading or writing just now, so the log could not be cut; ask again."""


def purge(engine: Engine, tables: Iterable[str]) -> None:
    """Remove what is left of deleted and overwritten rows. Not inside a unit of work. Safe to repeat.

    Raises:
        DatabaseBusyError: SQLite's log is in use now.
    """
    if engine.dialect.name == "sqlite":
        _purge_sqlite(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM (FULL) {KEY_TABLE}")
        for table in sorted(set(tables) - {KEY_TABLE}):
            connection.exec_driver_sql(f"VACUUM {table}")


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
