"""A clamd that is not one: answers as told, over TCP or a Unix socket. It knows one virus, EICAR."""

import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from mystery_shopper.evidence.scanner import Clamd, find_scanner, install_scanner
from tests.factories.evidence import EICAR


class Behaviour(StrEnum):
    """How it behaves."""

    WORKS = "works"
    HANGS = "hangs"
    BREAKS_OFF = "breaks-off"
    BREAKS_OFF_AT_ONCE = "breaks-off-at-once"
    ERROR = "error"
    TALKS_FOR_EVER = "talks-for-ever"
    LIMIT = "limit"


class FakeClamd:
    """Listens until the block ends."""

    def __init__(self, behaviour: Behaviour = Behaviour.WORKS, *, unix: bool = False) -> None:
        self.behaviour = behaviour
        self.received = 0
        self._folder = tempfile.TemporaryDirectory() if unix else None
        self._listener = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        self._listener.bind(os.path.join(self._folder.name, "clamd.ctl") if self._folder else ("127.0.0.1", 0))
        self._listener.listen(8)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        """As SCANNER names it."""
        name = self._listener.getsockname()
        return f"unix:{name}" if isinstance(name, str) else f"tcp://{name[0]}:{name[1]}"

    def __enter__(self) -> "FakeClamd":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        if self._folder:
            self._folder.cleanup()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Be the scanner of the process."""
        before = find_scanner()
        install_scanner(Clamd.from_address(self.address))
        try:
            yield
        finally:
            install_scanner(before)

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        if self.behaviour is Behaviour.BREAKS_OFF_AT_ONCE:
            return
        command = _read(connection, 6)
        if command == b"zPING\0":
            connection.sendall(b"PONG\0")
            return
        _read(connection, len(b"zINSTREAM\0") - 6)
        data = self._stream(connection)
        if self.behaviour is Behaviour.HANGS:
            self._stopped.wait(30)
        elif self.behaviour is Behaviour.TALKS_FOR_EVER:
            while not self._stopped.is_set():
                connection.sendall(b"stream: perhaps")
                time.sleep(0.001)
        elif self.behaviour is Behaviour.ERROR:
            connection.sendall(b"stream: Can't allocate memory ERROR\0")
        elif self.behaviour is Behaviour.LIMIT:
            connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif data is not None:
            found = b"Eicar-Signature FOUND" if EICAR in data else b"OK"
            connection.sendall(b"stream: " + found + b"\0")

    def _stream(self, connection: socket.socket) -> bytes | None:
        data = bytearray()
        while True:
            (length,) = struct.unpack("!I", _read(connection, 4))
            if length == 0:
                return bytes(data)
            data += _read(connection, length)
            self.received = len(data)
            if self.behaviour is Behaviour.BREAKS_OFF:
                return None


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data
