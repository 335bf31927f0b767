"""Keeping passwords."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from mystery_shopper.accounts import passwords

pytestmark = pytest.mark.usefixtures("real_passwords")


def test_a_digest_is_argon2id_with_19_mebibytes_and_two_passes() -> None:
    parameters = extract_parameters(passwords.hash_password("zebra cobalt"))
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID",
        19456,
        2,
        1,
    )


def test_the_work_for_nobody_is_the_work_for_somebody() -> None:
    real = extract_parameters(passwords.hash_password("zebra cobalt"))
    assert extract_parameters(passwords.NO_ACCOUNT_HASH) == real


def test_a_password_fits_its_own_digest_only() -> None:
    digest = passwords.hash_password("a" * 128)
    assert passwords.is_right(digest, "a" * 128)
    assert not passwords.is_right(digest, "a" * 127)
    assert not passwords.is_right(digest, "A" * 128)


def test_spaces_at_the_ends_count() -> None:
    digest = passwords.hash_password(" zebra ")
    assert passwords.is_right(digest, " zebra ")
    assert not passwords.is_right(digest, "zebra")


def test_without_an_account_every_password_is_wrong() -> None:
    assert not passwords.is_right(None, "")
    assert not passwords.is_right(None, "zebra cobalt")


def test_a_damaged_digest_and_half_characters_are_wrong_and_no_error() -> None:
    assert not passwords.is_right("nonsense", "zebra")
    assert not passwords.is_right(passwords.hash_password("zebra"), "\ud800")


def test_a_digest_of_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("zebra")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hash_password("zebra"))
