"""Every way to damage the log is noticed, placed and named."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from mystery_shopper.audit.policy import Link, digest
from mystery_shopper.audit.verification import Damage
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import separate_reading
from tests.audit.logbook import START, anchor_now, check, fill, tamper

pytestmark = pytest.mark.usefixtures("app_context")

SHIFT_UP = (
    "UPDATE audit_entries SET seq = -(seq + 1) WHERE seq >= :seq",
    "UPDATE audit_entries SET seq = -seq WHERE seq < 0",
)
SHIFT_DOWN = (
    "UPDATE audit_entries SET seq = -(seq - 1) WHERE seq > :seq",
    "UPDATE audit_entries SET seq = -seq WHERE seq < 0",
)
INSERT = (
    "INSERT INTO audit_entries (seq, at, actor, action, subject, subject_id, outcome, prev_mac, mac) "
    "SELECT :seq, at, actor, action, subject, subject_id, outcome, :prev, :mac FROM audit_entries WHERE seq = 1"
)


def found() -> tuple[int | None, Damage | None]:
    result = check()
    return result.first_bad_seq, result.damage


def test_an_empty_log_is_whole() -> None:
    assert check().is_whole


def test_an_untouched_log_is_whole_and_counted() -> None:
    fill(20)
    assert (check().is_whole, check().entries) == (True, 20)


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "user:2"), ("action", "case:created"), ("subject_id", "x"), ("outcome", "failed"), ("subject", "y")],
)
def test_a_changed_column_is_found_as_an_edit(column: str, value: str) -> None:
    fill(10)
    tamper(f"UPDATE audit_entries SET {column} = :value WHERE seq = 4", value=value)
    assert found() == (4, Damage.EDITED)


def test_a_changed_time_is_found_as_an_edit() -> None:
    fill(10)
    tamper("UPDATE audit_entries SET at = :value WHERE seq = 4", value=str(START.replace(tzinfo=None)))
    assert found() == (4, Damage.EDITED)


def test_a_changed_last_entry_is_found_as_an_edit() -> None:
    fill(5)
    tamper("UPDATE audit_entries SET actor = 'user:2' WHERE seq = 5")
    assert found() == (5, Damage.EDITED)


def test_a_changed_digest_is_found() -> None:
    fill(5)
    tamper("UPDATE audit_entries SET mac = :mac WHERE seq = 3", mac=b"m" * 32)
    assert found() == (3, Damage.EDITED)


@pytest.mark.sqlite  # PostgreSQL stores no such value
def test_a_time_that_is_none_is_reported_and_does_not_stop_the_check(app_context: Flask) -> None:
    fill(5)
    tamper("UPDATE audit_entries SET at = 'yesterday' WHERE seq = 3")
    assert found() == (3, Damage.EDITED)


@pytest.mark.parametrize("seq", [1, 4, 9])
def test_a_missing_entry_is_found_as_deleted(seq: int) -> None:
    fill(10)
    tamper("DELETE FROM audit_entries WHERE seq = :seq", seq=seq)
    assert found() == (seq, Damage.DELETED)


@pytest.mark.parametrize("seq", [1, 4, 9])
def test_a_missing_entry_is_found_when_the_others_were_numbered_again(seq: int) -> None:
    fill(10)
    tamper("DELETE FROM audit_entries WHERE seq = :seq", *SHIFT_DOWN, seq=seq)
    assert found() == (seq, Damage.DELETED)


@pytest.mark.parametrize("seq", [1, 4])
def test_an_entry_put_between_others_is_found_as_inserted(seq: int) -> None:
    fill(10)
    tamper(*SHIFT_UP, INSERT.replace("WHERE seq = 1", "WHERE seq = 10"), seq=seq, prev=b"p" * 32, mac=b"m" * 32)
    assert found() == (seq, Damage.INSERTED)


def test_an_entry_put_at_the_end_is_found_as_inserted() -> None:
    fill(5)
    tamper(INSERT, seq=6, prev=b"p" * 32, mac=b"m" * 32)
    assert found() == (6, Damage.INSERTED)


def test_an_entry_put_at_the_end_with_the_right_link_is_found() -> None:
    fill(5)
    tamper(INSERT, seq=6, prev=anchor_now().mac, mac=b"m" * 32)
    assert found() == (6, Damage.EDITED)


@pytest.mark.parametrize(("one", "other"), [(3, 4), (1, 2), (2, 9), (9, 10)])
def test_two_entries_that_changed_places_are_found_as_reordered(one: int, other: int) -> None:
    fill(10)
    tamper(
        "UPDATE audit_entries SET seq = -1 WHERE seq = :one",
        "UPDATE audit_entries SET seq = :one WHERE seq = :other",
        "UPDATE audit_entries SET seq = :other WHERE seq = -1",
        one=one,
        other=other,
    )
    assert found() == (one, Damage.REORDERED)


def test_another_key_is_named_as_the_problem() -> None:
    fill(10)
    result = check(key=b"x" * 32)
    assert (result.first_bad_seq, result.damage) == (1, Damage.WRONG_KEY)


def test_a_log_cut_off_looks_whole_without_an_anchor_and_truncated_with_it() -> None:
    fill(20)
    anchor = anchor_now()
    tamper("DELETE FROM audit_entries WHERE seq > 10")
    assert check().is_whole
    result = check(anchor)
    assert (result.first_bad_seq, result.damage) == (11, Damage.TRUNCATED)


def test_a_log_cut_off_and_continued_by_the_service_is_caught_by_the_anchor() -> None:
    fill(20)
    anchor = anchor_now()
    tamper("DELETE FROM audit_entries WHERE seq > 10")
    fill(15)
    assert check().is_whole
    result = check(anchor)
    assert (result.first_bad_seq, result.damage) == (20, Damage.REWRITTEN)


def test_a_log_written_again_with_the_key_is_caught_by_the_anchor() -> None:
    fill(6)
    anchor = anchor_now()
    _write_again(from_seq=4)
    assert check().is_whole
    assert check(anchor).damage is Damage.REWRITTEN


def test_older_anchors_still_fit_a_log_that_has_grown() -> None:
    fill(3)
    first = anchor_now()
    fill(3)
    assert check(first, anchor_now()).is_whole


def test_the_summary_names_the_entry_and_the_kind() -> None:
    fill(3)
    tamper("DELETE FROM audit_entries WHERE seq = 2")
    assert check().summary.startswith("The audit log is damaged at entry 2 (deleted).")


def _write_again(*, from_seq: int) -> None:
    """Do what a keeper of database and key could do: change an entry and digest everything after it anew."""
    key = keyring().audit_key()
    with separate_reading() as session:
        prev = session.execute(text("SELECT mac FROM audit_entries WHERE seq = :seq"), {"seq": from_seq - 1}).scalar()
    for seq in range(from_seq, 7):
        at = START + timedelta(minutes=seq - 1)
        link = Link(seq, at, "user:9", "case:viewed", "case", str(seq - 1), "done", prev)
        mac = digest(key, link)
        tamper(
            "UPDATE audit_entries SET actor = 'user:9', prev_mac = :prev, mac = :mac WHERE seq = :seq",
            prev=prev,
            mac=mac,
            seq=seq,
        )
        prev = mac
