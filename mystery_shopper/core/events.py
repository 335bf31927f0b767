"""Typed events and who hears of them: an event is a row, written by the service, and a call in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

REPORTER = "reporter"
AUTHORITY = "authority"
SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in the past tense. `tag` is stored as `subject:action` and never renamed."""

    tag: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What an event is about, who made it happen (`user:<id>`, `reporter`, `authority`, `system`) and when."""

    subject: Any
    actor: str
    now: datetime


E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Occasion], None]

_handlers: dict[type[Event], list[Handler]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E, Occasion], None]) -> None:
    """Call `handler` for each published event of `event_type`, once however often it is subscribed."""
    known = _handlers[event_type]
    if handler not in known:
        known.append(cast(Handler, handler))


def publish(event: Event, occasion: Occasion) -> None:
    """Tell the handlers of this event, now and in this transaction. An error in one undoes the whole step."""
    for handler in tuple(_handlers[type(event)]):
        handler(event, occasion)


def staff_actor(user_id: object) -> str:
    """Return how a member of staff is named in events and in the audit log: never by name."""
    return f"user:{user_id}"
