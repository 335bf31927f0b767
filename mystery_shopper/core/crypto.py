"""Keys and what is done with them: sealing (AES-256-GCM), keyed digests, blind indexes.

The keys live in one file outside the database and outside its backups. Every use has a key of its own, so a digest
that leaks from one table says nothing about another.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mystery_shopper.core.errors import ConfigurationError

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 16
FORMAT_1 = b"\x01"
FIRST_SIGNING_ID = "p1"


class UnsealError(Exception):
    """A sealed value cannot be opened: wrong key, moved to another row or column, or altered."""


def seal_with(key: bytes, plaintext: bytes, context: str) -> bytes:
    """Return `plaintext` sealed under a 32-byte key and bound to `context`: format byte, nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT_1 + nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def unseal_with(key: bytes, blob: bytes, context: str) -> bytes:
    """Return the plaintext of a sealed value.

    Raises:
        UnsealError: another key, another context, a changed byte, or not a sealed value at all.
    """
    return _open(AESGCM(key), blob, context)


def _open(cipher: AESGCM, blob: bytes, context: str) -> bytes:
    if blob[:1] != FORMAT_1:
        raise UnsealError("unknown format of a sealed value")
    try:
        return cipher.decrypt(blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :], context.encode())
    except (InvalidTag, ValueError) as error:
        raise UnsealError("a sealed value cannot be opened") from error


@lru_cache(maxsize=16)
def _wrapping_cipher(key: bytes) -> AESGCM:
    """Return the cipher of a wrapping key, made once: it opens every record there is."""
    return AESGCM(key)


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation: wrapping keys by id, and one root each for digests, indexes and the audit chain.

    `signing_id` names the key that signs what anybody may check (core.signing); `retired_signing` are the public keys
    of those before it.
    """

    current: str
    wrapping: Mapping[str, bytes]
    digest_root: bytes
    index_root: bytes
    audit_root: bytes
    signing_id: str = FIRST_SIGNING_ID
    own_signing_seed: bytes = field(default=b"", repr=False)
    retired_signing: Mapping[str, bytes] = field(default_factory=dict)

    def signing_seed(self) -> bytes:
        """Return the private key in use; a key file that holds none has the one that follows from its digest key."""
        return self.own_signing_seed or self.subkey("signing")

    def wrap(self, data_key: bytes, context: str) -> tuple[str, bytes]:
        """Return the id of the wrapping key used and the wrapped data key."""
        return self.current, seal_with(self.wrapping[self.current], data_key, context)

    def unwrap(self, wrapping_key_id: str, wrapped: bytes, context: str) -> bytes:
        """Return a data key.

        Raises:
            UnsealError: the wrapping key is not here or does not fit.
        """
        key = self.wrapping.get(wrapping_key_id)
        if key is None:
            raise UnsealError(f"wrapping key {wrapping_key_id} is not in the key file")
        return _open(_wrapping_cipher(key), wrapped, context)

    def mac(self, purpose: str, data: bytes) -> bytes:
        """Return the 32-byte keyed digest of `data` for one purpose (receipt code, session, search token)."""
        return hmac.digest(_derive(self.digest_root, purpose), data, hashlib.sha256)

    def blind_index(self, field: str, value: str) -> bytes:
        """Return 16 bytes by which an exact value can be found and not read. Normalise `value` first.

        A value from a small set can be guessed by whoever holds the index key: decision 0006 lists what is indexed.
        """
        return hmac.digest(_derive(self.index_root, field), value.encode(), hashlib.sha256)[:INDEX_BYTES]

    def subkey(self, purpose: str) -> bytes:
        """Return a 32-byte key for one purpose, for code that makes many digests in a row."""
        return _derive(self.digest_root, purpose)

    def audit_key(self) -> bytes:
        """Return the key of the audit chain."""
        return _derive(self.audit_root, "chain")


def _derive(root: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, b"mystery-shopper:" + purpose.encode()).derive(root)


def same(left: bytes, right: bytes) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(left, right)


def create_key_file(path: Path) -> None:
    """Write a new key file (mode 0600) with fresh random keys.

    Raises:
        FileExistsError: there is one already; keys are never overwritten.
    """
    content = {
        "current": "k1",
        "wrapping": {"k1": _encode(secrets.token_bytes(KEY_BYTES))},
        "digest_root": _encode(secrets.token_bytes(KEY_BYTES)),
        "index_root": _encode(secrets.token_bytes(KEY_BYTES)),
        "audit_root": _encode(secrets.token_bytes(KEY_BYTES)),
        "signing": {"current": FIRST_SIGNING_ID, "seed": _encode(secrets.token_bytes(KEY_BYTES)), "retired": {}},
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)


def replace_key_file(path: Path, content: dict[str, Any]) -> None:
    """Write a file of keys (mode 0600) in one step: it is never there in part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def load_keyring(path: Path) -> Keyring:
    """Read the key file.

    Raises:
        ConfigurationError: missing, unreadable, or a key is not 32 bytes.
    """
    try:
        content = json.loads(path.read_text())
        ring = Keyring(
            current=content["current"],
            wrapping={key_id: _decode(value) for key_id, value in content["wrapping"].items()},
            digest_root=_decode(content["digest_root"]),
            index_root=_decode(content["index_root"]),
            audit_root=_decode(content["audit_root"]),
            **_signing(content.get("signing")),
        )
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"There is no key file at {path}. Run 'mystery-shopper prepare' to make one."
        ) from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ConfigurationError(f"The key file {path} cannot be read: {type(error).__name__}") from error
    if ring.current not in ring.wrapping:
        raise ConfigurationError(f"The key file {path} names a current key that it does not hold")
    return ring


def _signing(content: dict[str, Any] | None) -> dict[str, Any]:
    if content is None:
        return {}
    return {
        "signing_id": str(content["current"]),
        "own_signing_seed": _decode(content["seed"]),
        "retired_signing": {name: _decode(key) for name, key in content["retired"].items()},
    }


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key must be 32 bytes")
    return key


_installed: list[Keyring] = []


def install_keyring(ring: Keyring) -> None:
    """Make `ring` the keyring of this process."""
    _installed[:] = [ring]


def keyring() -> Keyring:
    """Return the keyring of this process.

    Raises:
        ConfigurationError: none was installed; nothing is ever stored in the clear instead.
    """
    if not _installed:
        raise ConfigurationError("No keyring is installed")
    return _installed[0]
