import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.crypto import (
    UnsealError,
    create_key_file,
    load_keyring,
    seal_with,
    unseal_with,
)
from mystery_shopper.core.errors import ConfigurationError

KEY = bytes(range(32))


@given(plaintext=st.binary(max_size=300), context=st.text(max_size=40))
def test_what_is_sealed_opens_in_its_own_context(plaintext: bytes, context: str) -> None:
    assert unseal_with(KEY, seal_with(KEY, plaintext, context), context) == plaintext


@given(plaintext=st.binary(min_size=1, max_size=50), position=st.integers(0, 400), bit=st.integers(0, 7))
def test_a_flipped_bit_is_always_noticed(plaintext: bytes, position: int, bit: int) -> None:
    blob = bytearray(seal_with(KEY, plaintext, "cases.title:1"))
    blob[position % len(blob)] ^= 1 << bit
    with pytest.raises(UnsealError):
        unseal_with(KEY, bytes(blob), "cases.title:1")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(UnsealError):
        unseal_with(KEY, seal_with(KEY, b"secret", "cases.title:1"), "cases.title:2")


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    assert seal_with(KEY, b"same", "x") != seal_with(KEY, b"same", "x")


@given(blob=st.binary(max_size=40))
def test_any_bytes_that_are_not_sealed_are_refused_by_name(blob: bytes) -> None:
    with pytest.raises(UnsealError):
        unseal_with(KEY, blob, "x")


def test_a_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    before = path.read_text()

    with pytest.raises(FileExistsError):
        create_key_file(path)

    assert path.read_text() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_digests_and_indexes_of_different_uses_do_not_meet(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys.json")
    ring = load_keyring(tmp_path / "keys.json")

    assert ring.mac("receipt", b"x") != ring.mac("session", b"x")
    assert ring.blind_index("email", "x") != ring.blind_index("company-number", "x")
    assert ring.mac("receipt", b"x") == ring.mac("receipt", b"x")
    assert ring.audit_key() not in (ring.digest_root, ring.index_root, ring.audit_root)


def test_a_wrapped_key_opens_with_an_older_wrapping_key_after_a_new_one_came(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys.json")
    old = load_keyring(tmp_path / "keys.json")
    key_id, wrapped = old.wrap(b"k" * 32, "data_keys.wrapped:1")
    new = replace(old, current="k2", wrapping={**old.wrapping, "k2": b"n" * 32})

    assert new.unwrap(key_id, wrapped, "data_keys.wrapped:1") == b"k" * 32
    with pytest.raises(UnsealError, match="not in the key file"):
        replace(new, wrapping={"k2": b"n" * 32}).unwrap(key_id, wrapped, "data_keys.wrapped:1")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("audit_root"),
        lambda content: content.update(current="k9"),
        lambda content: content.update(digest_root="c2hvcnQ="),
        lambda content: content.update(wrapping={"k1": "not base64!"}),
    ],
)
def test_a_damaged_key_file_stops_the_start(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    content = json.loads(path.read_text())
    damage(content)  # type: ignore[operator]
    path.write_text(json.dumps(content))

    with pytest.raises(ConfigurationError):
        load_keyring(path)


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mystery-shopper prepare"):
        load_keyring(tmp_path / "none.json")
