"""What a person still holds when their account is to be closed: other parts say so, as a number and never by name."""

from collections.abc import Callable
from uuid import UUID

Holding = Callable[[UUID], int]

_holdings: dict[str, tuple[str, str, Holding]] = {}


def add_holding(key: str, one: str, many: str, count: Holding) -> None:
    """Add something a person can hold ("open case", "open cases"); the same key again replaces it."""
    _holdings[key] = (one, many, count)


def held_by(user_id: UUID) -> list[str]:
    """Return what a person holds, in words: ["1 open case"]; empty when there is nothing to hand over."""
    counted = [(count(user_id), one, many) for one, many, count in _holdings.values()]
    return [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
