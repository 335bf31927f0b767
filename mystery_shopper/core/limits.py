"""How often a page may be sent from one address, and how large what it is sent may be.

Views say which limit; `web.limits` and `web.security` enforce it. The mark is an attribute of the view function, so any
decorator that uses functools.wraps keeps it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

LIMIT_MARK = "limit_mark"
BODY_MARK = "max_body_bytes"

V = TypeVar("V", bound=Callable[..., Any])


class Limit(StrEnum):
    """The limits there are; their rates stand in `web.limits`."""

    RECEIPT = "receipt"
    SIGN_IN = "sign-in"
    ANSWER = "answer"
    REPORT = "report"
    PAGE = "page"
    UPLOAD = "upload"
    SEARCH = "search"
    API = "api"


def limited(limit: Limit) -> Callable[[V], V]:
    """Mark a view as limited."""

    def mark(view: V) -> V:
        setattr(view, LIMIT_MARK, limit)
        return view

    return mark


def limit_of(view: Callable[..., Any] | None) -> Limit | None:
    """Return the limit a view declares, None when it declares none."""
    mark = getattr(view, LIMIT_MARK, None)
    return mark if isinstance(mark, Limit) else None


def _unwatched(_is_right: bool) -> None:
    """Count nothing: no web application is there."""


_watchers: list[Callable[[bool], None]] = [_unwatched]


def watch_codes(watcher: Callable[[bool], None]) -> None:
    """Say who counts receipt codes; `web.code_watch` does."""
    _watchers[0] = watcher


def note_code(is_right: bool) -> None:
    """Tell whether a receipt code that somebody typed opened something.

    Raises:
        TooManyAttemptsError: it did not, and the service has had too many such codes.
    """
    _watchers[0](is_right)


def max_body(size: int) -> Callable[[V], V]:
    """Let a view take a body of up to `size` bytes (uploads); all others take the default. Marks, does not wrap."""

    def mark(view: V) -> V:
        setattr(view, BODY_MARK, size)
        return view

    return mark


def max_body_of(view: Callable[..., Any] | None) -> int | None:
    """Return how large a body a view takes, None for the default."""
    mark = getattr(view, BODY_MARK, None)
    return mark if isinstance(mark, int) else None
