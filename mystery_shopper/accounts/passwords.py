"""Keeping and comparing passwords: Argon2id, the same work whether there is an account or not."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from mystery_shopper.core.errors import UnavailableError

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
AT_ONCE = 4
LONGEST_WAIT_SECONDS = 10
ONE_TIME_GROUPS = 5
ONE_TIME_GROUP_LENGTH = 4
UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"

# Digest of random bytes nobody kept: compared when there is no account, so that the answer takes as long.
NO_ACCOUNT_HASH = "$argon2id$v=19$m=19456,t=2,p=1$IpVXp6BvBY9YXlVkwd/ZsA$J2PQWD8KlVzaxaG7LfX6wi0tSWTS8kjrndL9BbUwl+g"

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
_slots = BoundedSemaphore(AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    """Let four hashes run at once and no more: each takes 19 MiB and a core."""
    if not _slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise UnavailableError("Too many people are signing in just now. Try again in a minute.")
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    """Return the Argon2id digest of a password, with its own salt and parameters in it.

    Raises:
        UnavailableError: no slot became free in ten seconds.
    """
    with _slot():
        return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; without a hash it takes the same time and is wrong.

    Raises:
        UnavailableError: no slot became free in ten seconds.
    """
    comparable = password.encode("utf-8", "replace")
    with _slot():
        try:
            return _hasher.verify(password_hash or NO_ACCOUNT_HASH, comparable) and password_hash is not None
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Tell whether the digest was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Return a random password of 99 bits, in groups that can be read out over a telephone."""
    groups = (
        "".join(secrets.choice(UNMISTAKABLE) for _ in range(ONE_TIME_GROUP_LENGTH)) for _ in range(ONE_TIME_GROUPS)
    )
    return "-".join(groups)
