"""Steps and events: the one place that changes the state of a suggestion and writes what happened."""

from datetime import datetime

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import StaleEditError
from mystery_shopper.core.events import Occasion, publish
from mystery_shopper.core.vault import seal_json
from mystery_shopper.suggestions.events import SuggestionEvent, to_payload
from mystery_shopper.suggestions.models import Suggestion, SuggestionEventRecord
from mystery_shopper.suggestions.states import SuggestionState, can_step

SUBJECT = "suggestion"
MOVED_ON = "Somebody else changed this suggestion while you were working on it."


def record(suggestion: Suggestion, event: SuggestionEvent, *, actor: str, now: datetime) -> None:
    """Write an event, its audit entry, and tell those who listen."""
    event_id = new_id()
    payload = seal_json(suggestion.data_key, to_payload(event), f"suggestion_events.payload:{event_id}")
    db.session.add(
        SuggestionEventRecord(
            id=event_id,
            suggestion_id=suggestion.id,
            tag=event.tag,
            actor=actor,
            happened_at=now,
            payload_sealed=payload,
        )
    )
    db.session.flush()
    audit.record(Action(event.tag), actor=actor, subject=SUBJECT, subject_id=suggestion.id, now=now)
    publish(event, Occasion(subject=suggestion, actor=actor, now=now))


def step(suggestion: Suggestion, new: SuggestionState, version: int) -> None:
    """Take a suggestion one step on.

    Raises:
        StaleEditError: somebody saved since the page was opened, or the step is not open from where it stands.
    """
    check_version(suggestion, version)
    if not can_step(suggestion.state, new):
        raise StaleEditError(MOVED_ON)
    suggestion.state = new


def check_version(suggestion: Suggestion, version: int) -> None:
    """Refuse to go on with a page that shows an older version.

    Raises:
        StaleEditError: somebody saved since the page was opened.
    """
    if suggestion.version != version:
        raise StaleEditError(MOVED_ON)
