"""Reads of letters: interventions that were written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_events
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.interventions.queries import get_intervention
from mystery_shopper.letters.events import LetterWritten


@dataclass(frozen=True)
class LetterView:
    """A letter as a list shows it."""

    id: str
    reference: str
    title: str
    language: str
    sent_on: date
    due_on: date | None


def list_letters(case: Case) -> Sequence[LetterView]:
    """Return the letters of a case, oldest first."""
    key = case.data_key
    rows = [record.to_event(key) for record in list_events(case) if record.tag == LetterWritten.tag]
    return [_view(case, event) for event in rows if isinstance(event, LetterWritten)]


def _view(case: Case, event: LetterWritten) -> LetterView:
    row = get_intervention(case, UUID(event.intervention_id))
    return LetterView(
        event.intervention_id, event.reference, event.title, event.language, row.made_on, row.response_due_on
    )


def get_letter(case: Case, intervention_id: UUID) -> LetterView:
    """Return a letter of this case.

    Raises:
        NotFoundError: there is none, or it belongs to another case, or the intervention was no letter.
    """
    found = next((view for view in list_letters(case) if view.id == str(intervention_id)), None)
    if found is None:
        raise NotFoundError
    return found
