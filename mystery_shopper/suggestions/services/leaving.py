"""What a commissioner can take back through the receipt: the suggestion itself, or the consent to publish about it."""

from datetime import datetime
from uuid import UUID

from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _
from mystery_shopper.suggestions.events import PublicationObjected, SuggestionWithdrawn
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.queries import find_item_of, find_suggestion, find_text
from mystery_shopper.suggestions.services.publishing import stop_text
from mystery_shopper.suggestions.services.recording import record, step
from mystery_shopper.suggestions.states import WITHDRAWABLE, SuggestionState

TOO_LATE = _("You cannot take it back now: it is closed, or we have published something about it.")


def withdraw_suggestion(suggestion_id: UUID, *, now: datetime) -> None:
    """Take a suggestion back: nobody works on it, and a text that waits is stopped. Asked twice, it is done once.

    Raises:
        DomainError: it is closed, or something about it is public.
    """
    suggestion = _locked(suggestion_id)
    if suggestion.state is SuggestionState.WITHDRAWN:
        return
    if suggestion.state not in WITHDRAWABLE:
        raise DomainError(TOO_LATE)
    row = find_text(suggestion)
    if row is not None:
        stop_text(row, now=now)
    step(suggestion, SuggestionState.WITHDRAWN, suggestion.version)
    suggestion.withdrawn_on = day_of(now)
    suggestion.answer_due_on = None
    suggestion.waits_for_us = False
    db.session.flush()
    record(suggestion, SuggestionWithdrawn(), actor=REPORTER, now=now)


def object_to_publication(suggestion_id: UUID, *, now: datetime) -> None:
    """Record that the commissioner wants nothing published. Asked twice, it is done once.

    What is public already is for a person to withdraw or correct: the suggestion waits for us.
    """
    suggestion = _locked(suggestion_id)
    if suggestion.objects_to_publication:
        return
    item = find_item_of(suggestion)
    is_public = item is not None and item.withdrawn_period is None
    suggestion.objects_to_publication = True
    suggestion.waits_for_us = suggestion.waits_for_us or is_public
    db.session.flush()
    record(suggestion, PublicationObjected(was_public=is_public), actor=REPORTER, now=now)


def _locked(suggestion_id: UUID) -> Suggestion:
    suggestion = find_suggestion(suggestion_id, lock=True)
    if suggestion is None:
        raise NotFoundError
    return suggestion
