"""What the digest of a password costs in the tests: nearly nothing, where its cost is not the subject.

Only the work of Argon2id is less (8 KiB and one pass instead of 19 MiB and two); everything around it is as shipped.
Servers in processes of their own do the whole work; they replace such a digest when somebody signs in.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from mystery_shopper.accounts import passwords

SHIPPED = passwords._hasher
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Make digests that cost nothing."""
    with _hashing_by(CHEAP):
        yield


@contextmanager
def passwords_as_shipped() -> Iterator[None]:
    """Make digests as the service does, inside `cheap_passwords`."""
    with _hashing_by(SHIPPED):
        yield


@contextmanager
def _hashing_by(hasher: PasswordHasher) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", hasher)
        yield
