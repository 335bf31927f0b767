"""The virus scanner: clamd over a socket, spoken to with the two commands that are needed (PING, INSTREAM)."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import ScanState

INSTREAM = b"zINSTREAM\0"
PING = b"zPING\0"
END = struct.pack("!I", 0)
ANSWER_MAX = 4096
CLEAN = b"stream: OK"
FOUND = b" FOUND"
UNIX, TCP = "unix", "tcp"


class ScannerDownError(Exception):
    """The scanner gave no answer that can be relied on: not there, too slow, broken off, or an error of its own."""


@dataclass(frozen=True)
class Clamd:
    """A clamd. `place` is the path of its socket, or host and port."""

    place: str | tuple[str, int]

    @classmethod
    def from_address(cls, address: str) -> "Clamd":
        """Return the scanner at `unix:/PATH` or `tcp://HOST:PORT`.

        Raises:
            ConfigurationError: neither.
        """
        if address.startswith(f"{UNIX}:"):
            return cls(address.removeprefix(f"{UNIX}:"))
        parts = urlsplit(address)
        if parts.scheme != TCP or not parts.hostname or not parts.port:
            raise ConfigurationError("SCANNER must be unix:/PATH or tcp://HOST:PORT of a clamd")
        return cls((parts.hostname, parts.port))

    def scan(self, pieces: Iterable[bytes], *, seconds: int | None = None) -> ScanState:
        """Return whether the scanner found a virus.

        Raises:
            ScannerDownError: there is no answer to rely on. The file stays in quarantine.
        """
        answer = self._ask(INSTREAM, pieces, limits()[Limit.SCAN] if seconds is None else seconds)
        if answer == CLEAN:
            return ScanState.CLEAN
        if answer.startswith(b"stream: ") and answer.endswith(FOUND):
            return ScanState.INFECTED
        raise ScannerDownError("the scanner answered with an error")

    def answers(self) -> bool:
        """Tell whether the scanner is there."""
        try:
            return self._ask(PING, None, limits()[Limit.SCAN_FIRST]) == b"PONG"
        except ScannerDownError:
            return False

    def _ask(self, command: bytes, pieces: Iterable[bytes] | None, seconds: int) -> bytes:
        try:
            with self._connect(seconds) as connection:
                connection.sendall(command)
                if pieces is not None:
                    _send(connection, pieces)
                return _receive(connection)
        except OSError as error:
            raise ScannerDownError(f"the scanner does not answer ({type(error).__name__})") from error

    def _connect(self, seconds: int) -> socket.socket:
        if isinstance(self.place, str):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(seconds)
            try:
                connection.connect(self.place)
            except OSError:
                connection.close()
                raise
            return connection
        return socket.create_connection(self.place, timeout=seconds)


def _send(connection: socket.socket, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        if piece:
            connection.sendall(struct.pack("!I", len(piece)) + piece)
    connection.sendall(END)


def _receive(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER_MAX:
        part = connection.recv(ANSWER_MAX)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n")


_installed: list[Clamd | None] = [None]


def install_scanner(scanner: Clamd | None) -> None:
    """Make `scanner` the scanner of this process; None: there is none, and every page says so."""
    _installed[:] = [scanner]


def find_scanner() -> Clamd | None:
    """Return the scanner of this process, None when none is installed."""
    return _installed[0]
