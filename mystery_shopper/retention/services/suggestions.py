"""Erasing a suggestion: its words, and whoever they point to.

What stays is what themes are counted by, its days and states, and what was published about it, which can still be
withdrawn: what is written of it from then on is sealed under a new key.
"""

from uuid import UUID

from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import create_data_key
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.retention.policy import BatchClass
from mystery_shopper.retention.services.erasers import Eraser, Erasing, Reach
from mystery_shopper.suggestions.events import SuggestionErased
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.queries import find_text
from mystery_shopper.suggestions.services import record
from mystery_shopper.suggestions.states import TextState


def _lock(suggestion_id: UUID) -> Suggestion:
    return db.session.get_one(Suggestion, suggestion_id, with_for_update={"of": Suggestion}, populate_existing=True)


def _reach(_class_id: BatchClass, suggestion_id: UUID) -> Reach:
    return Reach(ids={"suggestions": [suggestion_id]}, subjects=[Subject(HoldScope.SUGGESTION, suggestion_id)])


def _after(one: Erasing) -> None:
    suggestion = db.session.get_one(Suggestion, one.record_id)
    suggestion.data_key = create_data_key(one.now)
    suggestion.erased_on = day_of(one.now)
    text = find_text(suggestion)
    if text is not None and text.state is TextState.AWAITING_APPROVAL:
        text.state = TextState.DRAFT  # Nobody is asked to approve words that are gone.
    db.session.flush()
    record(suggestion, SuggestionErased(batch=str(one.batch)), actor=SYSTEM, now=one.now)


SUGGESTIONS = Eraser(lock=_lock, reach=_reach, after=_after)
