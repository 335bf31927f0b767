"""Signatures anybody can check, and keys that change while what they signed stays valid."""

import json
import os
import stat
from pathlib import Path

import pytest

from mystery_shopper.core.crypto import Keyring, create_key_file, load_keyring
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.signing import is_signed, public_keys, rotate_signing_key, sign


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file."""
    create_key_file(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def test_what_was_signed_is_known_and_nothing_else_is(path: Path) -> None:
    ring = load_keyring(path)
    key_id, signature = sign(ring, "paper", b"words")
    keys = public_keys(ring)
    assert is_signed(keys, key_id, signature, "paper", b"words")
    assert not is_signed(keys, key_id, signature, "paper", b"other words")
    assert not is_signed(keys, key_id, signature, "another paper", b"words")
    assert not is_signed(keys, "p9", signature, "paper", b"words")
    assert not is_signed({}, key_id, signature, "paper", b"words")


@pytest.mark.parametrize("signature", ["", "AAAA", "not base 64!", "é" * 88, "A" * 10_000])
def test_what_is_no_signature_is_no_error(path: Path, signature: str) -> None:
    assert not is_signed(public_keys(load_keyring(path)), "p1", signature, "paper", b"words")


def test_a_new_key_signs_and_the_old_one_is_still_believed(path: Path) -> None:
    before = load_keyring(path)
    old_id, old = sign(before, "paper", b"words")
    assert rotate_signing_key(path) == "p2"
    assert rotate_signing_key(path) == "p3"
    after = load_keyring(path)
    assert after.signing_id == "p3"
    assert list(public_keys(after)) == ["p1", "p2", "p3"]
    assert is_signed(public_keys(after), old_id, old, "paper", b"words")
    new_id, new = sign(after, "paper", b"words")
    assert (new_id, new) != (old_id, old)
    assert not is_signed(public_keys(before), new_id, new, "paper", b"words")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (after.wrapping, after.digest_root) == (before.wrapping, before.digest_root)


def test_the_private_key_of_before_is_gone_from_the_file(path: Path) -> None:
    seed = json.loads(path.read_text())["signing"]["seed"]
    rotate_signing_key(path)
    assert seed not in path.read_text()


def test_a_key_file_of_an_older_version_signs_too_and_can_be_rotated(path: Path) -> None:
    content = json.loads(path.read_text())
    del content["signing"]
    path.write_text(json.dumps(content))
    ring = load_keyring(path)
    key_id, signature = sign(ring, "paper", b"words")
    assert sign(load_keyring(path), "paper", b"words") == (key_id, signature)
    rotate_signing_key(path)
    assert is_signed(public_keys(load_keyring(path)), key_id, signature, "paper", b"words")


def test_a_broken_signing_key_stops_the_start(path: Path) -> None:
    content = json.loads(path.read_text())
    content["signing"]["seed"] = "AAAA"
    path.write_text(json.dumps(content))
    with pytest.raises(ConfigurationError):
        load_keyring(path)


def test_the_private_key_is_not_printed_with_the_keyring() -> None:
    seed = os.urandom(32)
    ring = Keyring("k1", {}, b"", b"", b"", own_signing_seed=seed)
    assert repr(seed) not in repr(ring)
