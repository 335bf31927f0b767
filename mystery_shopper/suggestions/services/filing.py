"""Taking a suggestion in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.vault import create_data_key, seal_json
from mystery_shopper.suggestions.events import SuggestionFiled
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, band_of, new_reference
from mystery_shopper.suggestions.queries import find_by_submission
from mystery_shopper.suggestions.services.recording import record
from mystery_shopper.suggestions.states import SuggestionState


@dataclass(frozen=True, kw_only=True)
class NewSuggestion:
    """Everything a commissioner sends. `submission_id` makes sending twice one suggestion.

    Units: `value_pence` is what one contract is worth, `tenders` how many are affected in a year.
    """

    submission_id: UUID
    receipt_mac: bytes
    forced_by: ForcedBy
    family: str
    content: SuggestionContent
    rule_id: str | None = None
    body_id: str = ""
    value_pence: int | None = None
    tenders: int | None = None
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
        rule_id=new.rule_id,
        body_id=new.body_id,
        value_band=band_of(new.value_pence),
        value_pence=new.value_pence,
        tenders=new.tenders,
        data_key=key,
        content_sealed=seal_json(key, new.content.to_json(), f"suggestions.content:{suggestion_id}"),
        received_on=day_of(now),
        is_demonstration=new.is_demonstration,
    )
    db.session.add(suggestion)
    db.session.flush()
    record(suggestion, SuggestionFiled(), actor=actor, now=now)
    return suggestion
