"""Where an upload waits while its request runs: a nameless temporary file that holds nothing in the clear.

The key of a spool lives in this object alone and goes with it, so what a crash leaves on the disk is noise.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mystery_shopper.core.crypto import KEY_BYTES
from mystery_shopper.core.streams import CHUNK, TAG_BYTES

NONCE_BYTES = 12


class SealedSpool:
    """A file that is written once and then read, any number of times. `size` and `sha256` are of what was written."""

    def __init__(self) -> None:
        self._opened: IO[bytes] | None = None
        self._cipher = AESGCM(os.urandom(KEY_BYTES))
        self._hash = hashlib.sha256()
        self._pending = bytearray()
        self._chunks = 0
        self._position = 0
        self.size = 0

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "SealedSpool":
        """Return a spool that holds what `pieces` hold, ready to be read."""
        spool = cls()
        for piece in pieces:
            spool.write(piece)
        spool.seek(0)
        return spool

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of what was written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Add to the end."""
        self._hash.update(data)
        self.size += len(data)
        self._pending += data
        while len(self._pending) >= CHUNK:
            self._keep(bytes(self._pending[:CHUNK]))
            del self._pending[:CHUNK]
        return len(data)

    @property
    def _file(self) -> IO[bytes]:
        """Return the temporary file; what fits into one chunk never needs it."""
        if self._opened is None:
            self._opened = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        return self._opened

    def _keep(self, chunk: bytes) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(self._cipher.encrypt(self._chunks.to_bytes(NONCE_BYTES, "big"), chunk, None))
        self._chunks += 1

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the place."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from the place on; everything when `size` is below 0."""
        wanted = self.size - self._position if size < 0 else size
        parts = []
        while wanted > 0 and self._position < self.size:
            number, start = divmod(self._position, CHUNK)
            part = self._chunk(number)[start : start + wanted]
            parts.append(part)
            self._position += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def _chunk(self, number: int) -> bytes:
        if number == self._chunks:
            return bytes(self._pending)
        self._file.seek(number * (CHUNK + TAG_BYTES))
        return self._cipher.decrypt(number.to_bytes(NONCE_BYTES, "big"), self._file.read(CHUNK + TAG_BYTES), None)

    def chunks(self) -> Iterator[bytes]:
        """Yield everything, from the beginning, a chunk at a time."""
        self.seek(0)
        while piece := self.read(CHUNK):
            yield piece

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def seekable(self) -> bool:
        """Say that one can go to a place in it."""
        return True

    def close(self) -> None:
        """Throw it away."""
        if self._opened is not None:
            self._opened.close()

    def __del__(self) -> None:
        """Throw it away when nobody did: a broken body leaves its spools behind."""
        self.close()

    def __enter__(self) -> "SealedSpool":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()
