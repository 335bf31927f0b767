"""A file as an answer: always to be saved, never shown, of no type a browser acts on, under a name of ours."""

from collections.abc import Iterator
from itertools import chain

from flask import Response
from werkzeug.http import dump_options_header

from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.errors import UnavailableError
from mystery_shopper.evidence.stores import StoreError

GENERIC = "application/octet-stream"
SANDBOX = "sandbox; default-src 'none'"
UNREADABLE = "The file cannot be read from the store at the moment. Try again, and tell an administrator if it stays so"


def _nothing() -> None:
    """Close nothing."""


def as_download(pieces: Iterator[bytes], *, name: str, size: int) -> Response:
    """Return the answer that sends `pieces`, which are `size` bytes together.

    Raises:
        UnavailableError: not even the beginning can be read.
    """
    try:
        first = next(pieces, b"")
    except (StoreError, UnsealError) as error:
        raise UnavailableError(UNREADABLE) from error
    response = Response(chain([first], pieces), content_type=GENERIC)
    response.call_on_close(getattr(pieces, "close", _nothing))
    response.content_length = size
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
