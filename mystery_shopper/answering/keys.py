"""What opens an inquiry: the link and the code, and the token of the page that both opened. None is stored itself."""

import base64
import secrets
from uuid import UUID

from mystery_shopper.core.crypto import keyring

TOKEN_LENGTH = 43
"""Characters of a token: 32 bytes in base 64."""


def token_of(officer_id: UUID, issue: int) -> str:
    """Return what stands in the address of an officer's link: 256 bits that only the key file can make.

    Each `issue` has another: sending a link again makes the one before worthless.
    """
    written = officer_id.bytes + issue.to_bytes(4, "big")
    return base64.urlsafe_b64encode(keyring().mac("answer-link", written)).decode().rstrip("=")


def hash_token(token: str) -> bytes:
    """Return the keyed digest by which a link is found; anything is taken, and finds nothing."""
    return keyring().mac("answer-link-found", token.encode("utf-8", "replace"))


def hash_code(token_hash: bytes, code: str) -> bytes:
    """Return the keyed digest of the code that belongs to a link."""
    return keyring().mac("answer-code", token_hash + code.encode("utf-8", "replace"))


def new_session_token() -> str:
    """Return a new token for the cookie of an opened page."""
    return secrets.token_urlsafe(32)


def hash_session(token: str) -> bytes:
    """Return the keyed digest by which an opened page is found."""
    return keyring().mac("answer-session", token.encode("utf-8", "replace"))
