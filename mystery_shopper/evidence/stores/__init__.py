"""Where sealed files lie: a folder of this machine, or object storage. Chosen by one setting."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mystery_shopper.core.errors import ConfigurationError

NAME_BYTES = 16


class StoreError(Exception):
    """The store does not take or give a file now; nothing of it counts as stored."""


@dataclass(frozen=True)
class Stored:
    """A file of the store, by its random name, and when it was written."""

    name: str
    written_at: datetime


class EvidenceStore(Protocol):
    """A store of sealed files under random names. It never sees anything in the clear."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file so that it is there after a power cut; when this returns, a row may name it.

        Raises:
            StoreError: it could not be written whole; nothing is left under the name.
        """
        ...

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file, piece by piece.

        Raises:
            StoreError: it is not there, or the store does not answer.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove a file; nothing happens when it is not there."""
        ...

    def list_all(self) -> Iterator[Stored]:
        """Yield every file there is."""
        ...

    def problems(self) -> list[str]:
        """Return what is wrong with the store; empty when nothing is."""
        ...


def new_name() -> str:
    """Return a fresh random name: it says nothing of the file, its report or its time."""
    return secrets.token_hex(NAME_BYTES)


_installed: list[EvidenceStore] = []


def install_store(store: EvidenceStore) -> None:
    """Make `store` the store of this process."""
    _installed[:] = [store]


def store() -> EvidenceStore:
    """Return the store of this process.

    Raises:
        ConfigurationError: none was installed.
    """
    if not _installed:
        raise ConfigurationError("No evidence store is installed")
    return _installed[0]
