"""What an authority was shown of a text before it is published, and what it said: its right of reply.

The feature that asks authorities lies above this one and registers here how its replies are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mystery_shopper.cases.models import Case


@dataclass(frozen=True)
class AuthorityReply:
    """A text that was shown to the authority; `reply` is empty and `replied_at` None while it has not replied."""

    shown: str
    reply: str = ""
    replied_at: datetime | None = None


Reader = Callable[[Case], Sequence[AuthorityReply]]
_readers: dict[str, Reader] = {}


def register_replies(key: str, reader: Reader) -> None:
    """Say how the replies of authorities are read; the same key again replaces it."""
    _readers[key] = reader


def replies_on(case: Case) -> list[AuthorityReply]:
    """Return what the authority was shown of a case, oldest first, with its replies."""
    return [reply for reader in _readers.values() for reply in reader(case)]
