"""Sealing what is too large for one piece: a stream of chunks, each sealed, in order, with a mark on the last.

Format: a format byte, a salt, then chunks of 64 KiB (the last may be shorter, and empty), each followed by its tag. The
key of a stream is derived from a data key, the salt and the context, so that no two streams share a key and the nonce
may be a counter. A chunk that is changed, moved, left out or added, and a stream that was cut, cannot be read.
"""

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mystery_shopper.core.crypto import KEY_BYTES, UnsealError

FORMAT = b"\x02"
SALT_BYTES = 32
CHUNK = 64 * 1024
TAG_BYTES = 16
COUNTER_BYTES = 11
HEADER_BYTES = len(FORMAT) + SALT_BYTES


def seal_chunks(key: bytes, pieces: Iterable[bytes], context: str) -> Iterator[bytes]:
    """Yield a sealed stream of what `pieces` hold; never more than one chunk and one piece is in memory."""
    salt = os.urandom(SALT_BYTES)
    cipher = _cipher(key, salt, context)
    yield FORMAT + salt
    buffer = bytearray()
    number = 0
    for piece in pieces:
        buffer += piece
        while len(buffer) > CHUNK:
            yield cipher.encrypt(_nonce(number, last=False), bytes(buffer[:CHUNK]), None)
            del buffer[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(buffer), None)


def unseal_chunks(key: bytes, pieces: Iterable[bytes], context: str) -> Iterator[bytes]:
    """Yield what a sealed stream holds, chunk by chunk; each was proved before it is yielded.

    Raises:
        UnsealError: another key or context, a changed byte, or a stream that was cut or added to.
    """
    buffer = bytearray()
    cipher: AESGCM | None = None
    number = 0
    for piece in pieces:
        buffer += piece
        if cipher is None and len(buffer) >= HEADER_BYTES:
            cipher = _opener(key, buffer, context)
        while cipher is not None and len(buffer) > CHUNK + TAG_BYTES:
            yield _open(cipher, _nonce(number, last=False), bytes(buffer[: CHUNK + TAG_BYTES]))
            del buffer[: CHUNK + TAG_BYTES]
            number += 1
    if cipher is None:
        raise UnsealError("not a sealed stream")
    yield _open(cipher, _nonce(number, last=True), bytes(buffer))


def _opener(key: bytes, buffer: bytearray, context: str) -> AESGCM:
    if buffer[:1] != FORMAT:
        raise UnsealError("unknown format of a sealed stream")
    salt = bytes(buffer[1:HEADER_BYTES])
    del buffer[:HEADER_BYTES]
    return _cipher(key, salt, context)


def _open(cipher: AESGCM, nonce: bytes, sealed: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, None)
    except (InvalidTag, ValueError) as error:
        raise UnsealError("a sealed stream cannot be opened") from error


def _cipher(key: bytes, salt: bytes, context: str) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), KEY_BYTES, salt, f"stream:{context}".encode()).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(COUNTER_BYTES, "big") + (b"\x01" if last else b"\x00")
