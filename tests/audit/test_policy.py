"""How an entry is digested."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mystery_shopper.audit.policy import GENESIS, Link, canonical, digest, fits

KEY = b"k" * 32
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LINK = Link(1, AT, "user:1", "case:viewed", "case", "42", "done", GENESIS)
CHANGES = {
    "seq": 2,
    "at": AT + timedelta(microseconds=1),
    "actor": "user:2",
    "action": "case:created",
    "subject": "report",
    "subject_id": "43",
    "outcome": "failed",
    "prev_mac": b"\x01" * 32,
}


def test_the_canonical_form_does_not_change_between_versions() -> None:
    assert canonical(LINK) == (
        b'{"action":"case:viewed","actor":"user:1","at":"2026-03-01T09:30:00.000000+00:00","outcome":"done",'
        b'"prev":"' + b"00" * 32 + b'","seq":1,"subject":"case","subject_id":"42"}'
    )


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_every_column_is_part_of_the_digest(field: str) -> None:
    assert not fits(KEY, LINK._replace(**{field: CHANGES[field]}), digest(KEY, LINK))


def test_the_digest_fits_its_entry_and_key_only() -> None:
    assert fits(KEY, LINK, digest(KEY, LINK))
    assert not fits(b"x" * 32, LINK, digest(KEY, LINK))


def test_values_the_service_never_stores_do_not_fit_and_do_not_raise() -> None:
    assert not fits(KEY, LINK, "text")
    assert not fits(KEY, LINK, None)
    assert not fits(KEY, LINK._replace(prev_mac="text"), digest(KEY, LINK))  # type: ignore[arg-type]


def test_moving_text_between_neighbouring_columns_changes_the_digest() -> None:
    moved = LINK._replace(subject="cas", subject_id="e42")
    assert digest(KEY, moved) != digest(KEY, LINK)


def test_times_are_digested_in_the_zone_they_are_stored_in() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=2)))
    assert digest(KEY, LINK._replace(at=elsewhere.astimezone(UTC))) == digest(KEY, LINK)
