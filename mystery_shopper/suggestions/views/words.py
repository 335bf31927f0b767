"""What pages of staff say about suggestions: labels and titles, and how one is opened (on record)."""

from typing import Any

from mystery_shopper.accounts.access import actor
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.suggestions import journey, queries
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    HELPED_LABELS,
    RESULT_LABELS,
    VALUE_BAND_LABELS,
    in_pounds,
)
from mystery_shopper.suggestions.states import COLOURS, TEXT_LABELS, state_label

SUBJECT = "suggestion"


def open_suggestion(reference: str, *, is_erased_too: bool = False) -> Suggestion:
    """Return a suggestion and record that it was opened: at once for a page, with the rest for a form.

    Raises:
        NotFoundError: there is none, or its words were erased and the page is not one for those (`is_erased_too`).
    """
    suggestion = queries.get_suggestion(reference)
    if suggestion.erased_on is not None and not is_erased_too:
        raise NotFoundError
    record = audit.record_access if is_reading() else audit.record
    record(Action.SUGGESTION_VIEWED, actor=actor(), subject=SUBJECT, subject_id=suggestion.id, now=clock.utc_now())
    return suggestion


def words() -> dict[str, Any]:
    """Return what templates of staff use; `labels` is all of it, for macros."""
    found = {
        "state_label": state_label,
        "state_colours": COLOURS,
        "text_labels": TEXT_LABELS,
        "forced_by_labels": FORCED_BY_LABELS,
        "value_band_labels": VALUE_BAND_LABELS,
        "result_labels": RESULT_LABELS,
        "helped_labels": HELPED_LABELS,
        "family_title": journey.family_title,
        "rule_title": journey.rule_title,
        "body_name": imposing_bodies().name_of,
        "in_pounds": in_pounds,
        "today": clock.today(),
    }
    return {**found, "labels": found}
