"""The process apart that looks into files of strangers: `python -m mystery_shopper.evidence.child COMMAND [KIND]`.

It gets a file on its standard input and nothing else: no environment, no key, no database, no network where the system
lets it give that up. It limits its own time, memory and output before it reads the first byte. Its answer is a line of
JSON, and after it the copy or the text.
"""

import ctypes
import io
import json
import os
import resource
import sys
from typing import Any, BinaryIO

from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.policy import Kind, Reason

INSPECT, COPY, TEXT = "inspect", "copy", "text"
OPEN_FILES = 64
GRACE_SECONDS = 1
NO_NEW_PRIVILEGES = 38
NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000


def limit_self() -> None:
    """Give up what looking into a file does not need."""
    known = limits()
    seconds, memory = known[Limit.PROCESSOR], in_bytes(Limit.MEMORY)
    for what, soft, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + GRACE_SECONDS),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
    ):
        resource.setrlimit(what, (soft, hard))
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        library.unshare(NEW_USER_AND_NETWORK)  # refused in some containers; then the limits above have to do


def answer(command: str, kind: str, file: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Do what was asked; return the line of JSON and what follows it."""
    from mystery_shopper.evidence.formats import copying, recognising
    from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError

    out = io.BytesIO()
    try:
        if command == INSPECT:
            return {"kind": recognising.recognise(file).value}, b""
        if command == COPY:
            copying.write_copy(Kind(kind), file, out)
            return {"done": True}, out.getvalue()
        return {"done": True}, copying.read_text(Kind(kind), file, limits()[Limit.TEXT] + 1).encode("utf-8", "replace")
    except RefusedError as refused:
        return {"refused": refused.reason.value}, b""
    except CannotCleanError as cannot:
        return {"cannot": str(cannot)}, b""
    except (MemoryError, RecursionError):
        return {"refused": Reason.TOO_COMPLEX.value, "cannot": "The file is too complicated"}, b""


def main() -> None:
    """Read the file, do what was asked, answer."""
    limit_self()
    command, kind = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    file = io.BytesIO(sys.stdin.buffer.read(in_bytes(Limit.COPY) + 1))
    line, content = answer(command, kind, file)
    # What the parsers print goes nowhere: the answer has a descriptor of its own.
    with os.fdopen(1, "wb", closefd=False) as output:
        output.write(json.dumps(line).encode() + b"\n")
        output.write(content)
        output.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
