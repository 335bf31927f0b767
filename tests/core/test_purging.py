"""On PostgreSQL what was deleted is removed only when nobody can still see it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from mystery_shopper.core import purging
from mystery_shopper.core.purging import DatabaseBusyError, purge
from tests.support import postgres

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine() -> Iterator[Engine]:
    with postgres.worker_database("purging") as url:
        opened = create_engine(url)
        with opened.begin() as connection:
            connection.execute(text("CREATE TABLE data_keys (id int)"))
        yield opened
        opened.dispose()


@pytest.mark.parametrize(
    ("isolation", "doing"),
    [
        ("REPEATABLE READ", "SELECT count(*) FROM data_keys"),
        ("READ COMMITTED", "INSERT INTO data_keys VALUES (1)"),
    ],
)
def test_it_waits_for_who_reads_or_writes_since_before(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, isolation: str, doing: str
) -> None:
    monkeypatch.setattr(purging, "LOOKS", 2)
    with engine.connect().execution_options(isolation_level=isolation) as other:
        other.execute(text(doing))
        with engine.begin() as third:
            third.execute(text("SELECT pg_current_xact_id()"))  # a transaction that began later and is done
        with pytest.raises(DatabaseBusyError):
            purge(engine, ())
    purge(engine, ())


def test_it_waits_for_who_writes_in_another_database_of_the_server(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "LOOKS", 2)
    with postgres.worker_database("purging_elsewhere") as url:
        elsewhere = create_engine(url)
        with elsewhere.connect() as other:
            other.execute(text("SELECT pg_current_xact_id()"))
            with engine.begin() as third:
                third.execute(text("SELECT pg_current_xact_id()"))
            with pytest.raises(DatabaseBusyError):
                purge(engine, ())
        elsewhere.dispose()
    purge(engine, ())


def test_it_lets_go_of_a_table_in_which_somebody_stays_without_reading(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "LOCK_SECONDS", 1)
    with engine.connect() as other:
        other.execute(text("SELECT count(*) FROM data_keys"))  # the statement is over, its lock is not
        with pytest.raises(DatabaseBusyError, match="stays in a table"):
            purge(engine, ())
    purge(engine, ())
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "0"
