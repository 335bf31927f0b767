"""Keyset pages: forward and back, the same cost on the last page as on the first."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.text import is_storable

T = TypeVar("T")
CursorKey = tuple[str, ...]
FORWARD = "after"
BACKWARD = "before"
LARGEST_NUMBER = 2**31 - 1
"""The largest whole number that every database takes for every column of whole numbers."""


@dataclass(frozen=True)
class Cursor:
    """A place in a sorted list: the sort key of a row (as strings), and the way to read from there."""

    direction: str
    key: CursorKey

    @property
    def is_backward(self) -> bool:
        """Tell whether the rows before the key are wanted."""
        return self.direction == BACKWARD


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows in display order, with the cursors of the pages beside it (None at an end)."""

    items: Sequence[T]
    next_cursor: str | None
    previous_cursor: str | None


def encode_cursor(cursor: Cursor) -> str:
    """Return the cursor as text for an address."""
    raw = json.dumps([cursor.direction, *cursor.key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(text: str | None) -> Cursor | None:
    """Return the cursor an address carries, None when it carries none.

    Raises:
        NotFoundError: the text is not a cursor of ours.
    """
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        direction, *key = values
        if direction not in (FORWARD, BACKWARD) or not all(isinstance(part, str) and is_storable(part) for part in key):
            raise NotFoundError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise NotFoundError from error
    return Cursor(direction, tuple(key))


def whole_number(part: str) -> int:
    """Return a part of a cursor's key that is a whole number.

    Raises:
        NotFoundError: it is none, or larger than any column holds: the cursor is not one of ours.
    """
    if not (part.isascii() and part.isdigit() and len(part) <= len(str(LARGEST_NUMBER))):
        raise NotFoundError
    if int(part) > LARGEST_NUMBER:
        raise NotFoundError
    return int(part)


def make_page(rows: Sequence[T], *, size: int, cursor: Cursor | None, key: Callable[[T], CursorKey]) -> Page[T]:
    """Build a page from at most `size` + 1 rows read in the direction of the cursor.

    `rows` come in reading order: for a backward cursor, nearest to the cursor first.
    """
    more = len(rows) > size
    shown = list(rows[:size])
    backward = cursor is not None and cursor.is_backward
    if backward:
        shown.reverse()
    has_next = bool(shown) and (backward or more)
    has_previous = bool(shown) and (more if backward else cursor is not None)
    return Page(
        items=shown,
        next_cursor=encode_cursor(Cursor(FORWARD, key(shown[-1]))) if has_next else None,
        previous_cursor=encode_cursor(Cursor(BACKWARD, key(shown[0]))) if has_previous else None,
    )
