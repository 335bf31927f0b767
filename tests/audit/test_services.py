"""Writing the log: with the action or not at all, and never twice on the same place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mystery_shopper.audit import queries, services
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.queries import EntryFilter
from mystery_shopper.core.db import db, separate_reading, separate_transaction, set_reading, transaction
from mystery_shopper.core.vault import create_data_key
from tests.audit.logbook import check, fill

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)
WRITERS = 8
ENTRIES_EACH = 25


def record(number: int = 1) -> AuditEntry:
    return services.record(Action.CASE_CREATED, actor="user:1", subject="case", subject_id=number, now=NOW)


def count() -> int:
    with separate_reading() as session:
        return queries.count_entries(session)


def test_entries_are_numbered_without_gaps_and_linked(app_context: Flask) -> None:
    with transaction():
        first, second = record(1), record(2)
        assert (first.seq, second.seq, second.prev_mac) == (1, 2, first.mac)
    assert check().is_whole


def test_an_entry_is_undone_with_the_action_it_records(app_context: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_and_fail()
    assert count() == 0


def test_the_action_is_undone_when_it_cannot_be_recorded(app_context: Flask) -> None:
    with pytest.raises(ValueError, match="never-declared"):
        _act_without_a_known_action()
    with separate_reading() as session:
        left = session.execute(text("SELECT count(*) FROM data_keys WHERE created_at < :now"), {"now": LATER}).scalar()
    assert left == 0


def test_a_page_that_only_reads_cannot_append_in_its_own_transaction(app_context: Flask) -> None:
    set_reading(True)
    try:
        with pytest.raises(RuntimeError, match="only reads"):
            record()
    finally:
        db.session.rollback()
        set_reading(False)


def test_access_is_on_record_at_once_even_if_the_page_fails_afterwards(app_context: Flask) -> None:
    set_reading(True)
    try:
        services.record_access(Action.CASE_VIEWED, actor="user:1", subject="case", subject_id=1, now=NOW)
        db.session.rollback()
    finally:
        set_reading(False)
    assert count() == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries", "DELETE FROM audit_entries WHERE seq=2"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(app_context: Flask, statement: str) -> None:
    fill(3)
    with pytest.raises(DBAPIError, match="append only"), separate_transaction() as session:
        session.execute(text(statement))
    assert (count(), check().is_whole) == (3, True)


def test_the_models_refuse_too(app_context: Flask) -> None:
    fill(1)
    with pytest.raises(RuntimeError, match="append only"):
        _edit_through_the_model()


def test_a_naive_time_is_refused(app_context: Flask) -> None:
    with pytest.raises(Exception, match="naive"), transaction():
        services.record(Action.CASE_CREATED, actor="user:1", subject="case", subject_id=1, now=NOW.replace(tzinfo=None))


def test_many_writers_at_once_make_one_unforked_chain(app: Flask) -> None:
    def write(writer: int) -> None:
        with app.app_context():
            for number in range(ENTRIES_EACH):
                with transaction():
                    record(writer * 1000 + number)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with app.app_context():
        assert (check().is_whole, count()) == (True, WRITERS * ENTRIES_EACH)


def test_verifying_is_itself_on_record(app_context: Flask) -> None:
    fill(3)
    assert services.verify_log(actor="user:7", now=NOW).is_whole
    last = queries.list_entries().items[0]
    assert (last.action, last.actor, last.subject_id, last.outcome) == ("audit:verified", "user:7", "3", "done")


def test_pages_go_through_the_whole_log_forward_and_back_once(app_context: Flask) -> None:
    fill(120)
    seen: list[int] = []
    cursor = None
    while True:
        page = queries.list_entries(cursor_text=cursor)
        seen += [entry.seq for entry in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert seen == list(range(120, 0, -1))
    before = queries.list_entries(cursor_text=page.previous_cursor)
    assert [entry.seq for entry in before.items] == list(range(70, 20, -1))


def test_the_list_is_narrowed_by_actor_and_action(app_context: Flask) -> None:
    fill(3)
    with transaction():
        services.record(Action.CASE_CREATED, actor="user:5", subject="case", subject_id=9, now=NOW)
    assert [entry.seq for entry in queries.list_entries(EntryFilter(actor="user:5")).items] == [4]
    assert [entry.seq for entry in queries.list_entries(EntryFilter(actions=("case:viewed",))).items] == [3, 2, 1]
    assert queries.list_entries(EntryFilter(actor="user:5", actions=("case:viewed",))).items == []


def _record_and_fail() -> None:
    with transaction():
        record()
        raise ZeroDivisionError


def _act_without_a_known_action() -> None:
    with transaction():
        create_data_key(NOW)
        services.record("never-declared", actor="user:1", subject="case", subject_id=1, now=NOW)  # type: ignore[arg-type]


def _edit_through_the_model() -> None:
    with transaction() as session:
        session.query(AuditEntry).one().actor = "user:2"
        session.flush()
