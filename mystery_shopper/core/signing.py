"""Signatures that anybody can check: Ed25519, a key with a number, old public keys kept so that old papers stay valid.

The private key lies in the key file. A key file without one (of an older version) has the key that follows from its
digest key.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mystery_shopper.core.crypto import KEY_BYTES, Keyring, load_keyring, replace_key_file

SIGNATURE_BYTES = 64


def sign(ring: Keyring, purpose: str, data: bytes) -> tuple[str, str]:
    """Return the id of the key in use and the signature of `data` for one purpose, in base 64."""
    signature = Ed25519PrivateKey.from_private_bytes(ring.signing_seed()).sign(_bound(purpose, data))
    return ring.signing_id, base64.b64encode(signature).decode()


def is_signed(keys: Mapping[str, bytes], key_id: str, signature: str, purpose: str, data: bytes) -> bool:
    """Tell whether one of these public keys (by id) signed `data` for this purpose."""
    try:
        raw = base64.b64decode(signature, validate=True)
        public = keys.get(key_id)
        if public is None or len(raw) != SIGNATURE_BYTES:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(raw, _bound(purpose, data))
    except (ValueError, InvalidSignature):
        return False
    return True


def public_keys(ring: Keyring) -> dict[str, bytes]:
    """Return every public key there has been, by id: the one in use last."""
    return {**ring.retired_signing, ring.signing_id: _public(ring.signing_seed())}


def rotate_signing_key(path: Path) -> str:
    """Put a new key in use, keep the public key of the old one, and return the new id. The service must be restarted.

    The file is replaced in one step: it is never there in part.
    """
    ring = load_keyring(path)
    content = json.loads(path.read_text())
    number = max((int(known[1:]) for known in public_keys(ring)), default=0) + 1
    retired = {name: base64.b64encode(key).decode() for name, key in public_keys(ring).items()}
    seed = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    content["signing"] = {"current": f"p{number}", "seed": seed, "retired": retired}
    replace_key_file(path, content)
    return f"p{number}"


def _public(seed: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _bound(purpose: str, data: bytes) -> bytes:
    return purpose.encode() + b"\x00" + data
