"""Writes of suggestions: one function for each thing that can be done. They flush and never commit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.vault import create_data_key, seal, seal_json
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, ValueBand, new_reference
from mystery_shopper.suggestions.queries import find_by_submission
from mystery_shopper.suggestions.states import SuggestionState, can_step

SUBJECT = "suggestion"


@dataclass(frozen=True, kw_only=True)
class NewSuggestion:
    """Everything a commissioner sends. `submission_id` makes sending twice one suggestion."""

    submission_id: UUID
    receipt_mac: bytes
    forced_by: ForcedBy
    family: str
    value_band: ValueBand
    content: SuggestionContent
    is_demonstration: bool = False


def file_suggestion(new: NewSuggestion, *, actor: str = REPORTER, now: datetime) -> Suggestion:
    """Take a suggestion in, sealed under a key of its own.

    Returns:
        The suggestion; the one already taken when this form was sent before.

    Raises:
        DomainError: a text holds the receipt code.
    """
    known = find_by_submission(new.submission_id)
    if known is not None:
        return known
    for text in new.content.to_json().values():
        receipts.refuse_own_code(text, new.receipt_mac)
    try:
        with db.session.begin_nested():
            return _take_in(new, actor, now)
    except IntegrityError:
        known = find_by_submission(new.submission_id)
        if known is None:
            raise
        return known  # the same form, sent twice at once: the other was first


def _take_in(new: NewSuggestion, actor: str, now: datetime) -> Suggestion:
    key = create_data_key(now)
    suggestion_id = new_id()
    suggestion = Suggestion(
        id=suggestion_id,
        reference=new_reference(),
        submission_id=new.submission_id,
        receipt_mac=new.receipt_mac,
        state=SuggestionState.RECEIVED,
        forced_by=new.forced_by,
        family=new.family,
        value_band=new.value_band,
        data_key=key,
        content_sealed=seal_json(key, new.content.to_json(), f"suggestions.content:{suggestion_id}"),
        received_on=day_of(now),
        is_demonstration=new.is_demonstration,
    )
    db.session.add(suggestion)
    db.session.flush()
    _record(Action.SUGGESTION_FILED, suggestion, actor=actor, now=now)
    return suggestion


def route(suggestion: Suggestion, note: str, *, version: int, actor: str, now: datetime) -> None:
    """Note to which body the suggestion was passed on. The commissioner reads that it was, and not the note.

    Raises:
        StaleEditError: somebody saved since the page was opened, or it is answered.
        DomainError: no note.
    """
    if not note:
        raise DomainError("Enter who it was passed on to", field="note")
    _step(suggestion, SuggestionState.ROUTED, version)
    suggestion.routed_on = day_of(now)
    suggestion.route_sealed = seal(suggestion.data_key, note, f"suggestions.route:{suggestion.id}")
    db.session.flush()
    _record(Action.SUGGESTION_ROUTED, suggestion, actor=actor, now=now)


def answer(suggestion: Suggestion, text: str, *, version: int, actor: str, now: datetime) -> None:
    """Answer the commissioner through the receipt; answering again replaces the answer.

    Raises:
        StaleEditError: somebody saved since the page was opened.
        DomainError: no answer.
    """
    if not text:
        raise DomainError("Enter your answer", field="answer")
    _step(suggestion, SuggestionState.ANSWERED, version)
    suggestion.answered_on = day_of(now)
    suggestion.answer_sealed = seal(suggestion.data_key, text, f"suggestions.answer:{suggestion.id}")
    db.session.flush()
    _record(Action.SUGGESTION_ANSWERED, suggestion, actor=actor, now=now)


def _step(suggestion: Suggestion, new: SuggestionState, version: int) -> None:
    if suggestion.version != version or not can_step(suggestion.state, new):
        raise StaleEditError("Somebody else changed this suggestion while you were working on it.")
    suggestion.state = new


def _record(action: Action, suggestion: Suggestion, *, actor: str, now: datetime) -> None:
    audit.record(action, actor=actor, subject=SUBJECT, subject_id=suggestion.id, now=now)
