"""Data keys: one for each draft, report, case, identity or suggestion, wrapped by a key that is not in the database.

Erasing the data key makes everything sealed under it unreadable in this database for ever. A backup made before still
holds the wrapped key: it opens until that backup is gone or its wrapping key is (docs/records.md).
"""

import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from mystery_shopper.core.crypto import KEY_BYTES, UnsealError, keyring, seal_with, unseal_with
from mystery_shopper.core.db import Model, db, new_id
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.streams import seal_chunks, unseal_chunks

SENTINEL_ID = uuid.UUID(int=1)
SENTINEL_CONTEXT = "sentinel"
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class DataKey(Model):
    """A 32-byte key, wrapped. `wrapped` is empty once the key has been erased."""

    __tablename__ = "data_keys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    wrapping_key_id: Mapped[str] = mapped_column(String(40), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


def new_data_key(now: datetime) -> DataKey:
    """Return a new data key that is not yet in any session: for what is sealed before the unit of work begins."""
    key = DataKey(id=new_id(), created_at=now)
    key.wrapping_key_id, key.wrapped = keyring().wrap(os.urandom(KEY_BYTES), wrap_context(key.id))
    return key


def create_data_key(now: datetime) -> DataKey:
    """Add a new data key to the session and return it."""
    key = new_data_key(now)
    db.session.add(key)
    return key


def seal(key: DataKey, text: str, context: str) -> bytes:
    """Return `text` sealed under the data key and bound to `context` ("table.column:row id")."""
    return seal_with(_open(key), text.encode(), _bind(key, context))


def unseal(key: DataKey, blob: bytes, context: str) -> str:
    """Return the text of a sealed value.

    Raises:
        UnsealError: erased key, another row or column, or an altered value.
    """
    return unseal_with(_open(key), blob, _bind(key, context)).decode()


def seal_json(key: DataKey, value: Any, context: str) -> bytes:
    """Seal a JSON value; see `seal`."""
    return seal(key, to_json_text(value), context)


def to_json_text(value: Any) -> str:
    """Return a JSON value as the text that is sealed: one spelling for one value."""
    return _ENCODER.encode(value)


def unseal_json(key: DataKey, blob: bytes, context: str) -> Any:
    """Return a sealed JSON value; see `unseal`."""
    return json.loads(unseal(key, blob, context))


def seal_stream(key: DataKey, pieces: Iterable[bytes], context: str) -> Iterator[bytes]:
    """Return what `pieces` hold as a sealed stream under the data key, bound to `context`."""
    return seal_chunks(_open(key), pieces, _bind(key, context))


def unseal_stream(key: DataKey, pieces: Iterable[bytes], context: str) -> Iterator[bytes]:
    """Return what a sealed stream holds; the key is opened now, so that reading needs neither session nor row.

    Raises:
        UnsealError: erased key (now), or a stream that is not what was sealed (while reading).
    """
    return unseal_chunks(_open(key), pieces, _bind(key, context))


class OpenKey:
    """A new data key in the open, for many rows written at once; `row` is what its table stores.

    It seals what `seal` of the stored key opens, and spares unwrapping the key for every value.
    """

    def __init__(self, now: datetime) -> None:
        self.id = new_id()
        self._key = os.urandom(KEY_BYTES)
        self._bound = f"|{self.id}"
        wrapping_key_id, wrapped = keyring().wrap(self._key, wrap_context(self.id))
        self.row = {"id": self.id, "wrapping_key_id": wrapping_key_id, "wrapped": wrapped, "created_at": now}

    def seal(self, text: str, context: str) -> bytes:
        """Return `text` sealed and bound to `context`; see `seal`."""
        return seal_with(self._key, text.encode(), context + self._bound)

    def seal_json(self, value: Any, context: str) -> bytes:
        """Seal a JSON value; see `seal`."""
        return self.seal(to_json_text(value), context)


class StoredKey(NamedTuple):
    """A data key as its row holds it, for reading many rows without building objects; `wrapped` empty when erased.

    `id` is the id as text, with hyphens.
    """

    id: str
    wrapping_key_id: str
    wrapped: bytes


def unseal_stored(key: StoredKey, blob: bytes, context: str) -> str:
    """Return the text of a sealed value whose key was read as a row; see `unseal`."""
    key_id, wrapping_key_id, wrapped = key
    opened = keyring().unwrap(wrapping_key_id, wrapped, f"data_keys.wrapped:{key_id}")
    return unseal_with(opened, blob, f"{context}|{key_id}").decode()


@dataclass(frozen=True)
class Clearance:
    """Leave to destroy: legal holds were asked, and none stands against it. Only `holds.services` gives it."""

    what: str


def erase(key: DataKey, clearance: Clearance, now: datetime) -> None:
    """Throw the key away: what was sealed under it is gone for good. Nothing is erased without a clearance."""
    if not isinstance(clearance, Clearance):
        raise TypeError("legal holds must be asked before anything is erased")
    key.wrapped = b""
    key.erased_at = now


def wrap_context(key_id: uuid.UUID) -> str:
    """Return what the wrapped form of a data key is bound to."""
    return f"data_keys.wrapped:{key_id}"


def _bind(key: DataKey, context: str) -> str:
    return f"{context}|{key.id}"


def _open(key: DataKey) -> bytes:
    if key.erased_at is not None:
        raise UnsealError("the key of this record has been erased")
    return keyring().unwrap(key.wrapping_key_id, key.wrapped, wrap_context(key.id))


def check_keyring(session: Session, now: datetime) -> None:
    """Prove that the installed keyring is the one this database was made with; leave the proof in a new database.

    Raises:
        ConfigurationError: the keys do not belong to this database.
    """
    sentinel = session.get(DataKey, SENTINEL_ID)
    if sentinel is None:
        if session.query(DataKey).first() is not None:
            raise ConfigurationError("The database has sealed records but no proof of its keys")
        key_id, wrapped = keyring().wrap(bytes(KEY_BYTES), SENTINEL_CONTEXT)
        session.add(DataKey(id=SENTINEL_ID, wrapping_key_id=key_id, wrapped=wrapped, created_at=now))
        return
    try:
        keyring().unwrap(sentinel.wrapping_key_id, sentinel.wrapped, SENTINEL_CONTEXT)
    except UnsealError as error:
        raise ConfigurationError("The key file does not belong to this database") from error
