"""Asking the process apart: start it, feed it, wait no longer than the limit, kill it."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, cast

from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.core.streams import CHUNK
from mystery_shopper.evidence.child import COPY, INSPECT, TEXT
from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.policy import READABLE, Kind, Reason
from mystery_shopper.evidence.refusing import FileRefusedError

MODULE = "mystery_shopper.evidence.child"
LINE_MAX = 1000
TOO_COMPLICATED = "The file is too complicated: looking into it took too long or too much memory"
ENVIRONMENT = {"LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Copy:
    """A cleaned copy, to be read once; or why there is none, in words for staff."""

    content: SealedSpool | None
    why_not: str = ""


def recognise(pieces: Iterable[bytes]) -> Kind:
    """Return what a file is, as the process apart found by parsing it.

    Raises:
        FileRefusedError: it is not taken; a file that was too much for the process is too complicated.
    """
    with _asked(INSPECT, "", pieces) as (line, _content):
        if "kind" in line:
            return Kind(line["kind"])
        raise FileRefusedError(Reason(line.get("refused", Reason.TOO_COMPLEX)))


def make_copy(kind: Kind, pieces: Iterable[bytes]) -> Copy:
    """Return a copy of a file without traces."""
    with _asked(COPY, kind.value, pieces) as (line, content):
        if "done" not in line:
            return Copy(None, str(line.get("cannot", TOO_COMPLICATED)))
        spool = SealedSpool()
        most = in_bytes(Limit.COPY)
        while piece := content.read(CHUNK):
            spool.write(piece)
            if spool.size > most:
                spool.close()
                return Copy(None, "The copy would be too large")
        return Copy(spool)


def read_text(kind: Kind, pieces: Iterable[bytes]) -> str | None:
    """Return the text of a cleaned copy, None when it cannot be read, or not to its end."""
    if kind not in READABLE:
        return None
    with _asked(TEXT, kind.value, pieces) as (line, content):
        text = content.read().decode("utf-8", "replace") if "done" in line else None
    return None if text is None or len(text) > limits()[Limit.TEXT] else text.replace("\0", "")


@contextmanager
def _asked(command: str, kind: str, pieces: Iterable[bytes]) -> Iterator[tuple[dict[str, Any], IO[bytes]]]:
    """Ask, and give the answer: its first line read, the rest to be read. Whatever happens, the process ends."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing of the file in the command
        [sys.executable, "-I", "-B", "-m", MODULE, command, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    ) as process:
        watch = threading.Timer(limits()[Limit.WAIT], process.kill)
        watch.daemon = True
        watch.start()
        try:
            source, output = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            with suppress(BrokenPipeError):
                for piece in pieces:
                    source.write(piece)
            with suppress(BrokenPipeError):
                source.close()
            yield _read_line(output), output
        finally:
            watch.cancel()
            process.kill()


def _read_line(output: IO[bytes]) -> dict[str, Any]:
    try:
        line = json.loads(output.readline(LINE_MAX))
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}
