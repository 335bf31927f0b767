"""Suggestions for tests, filed through the real service."""

from dataclasses import dataclass
from uuid import uuid4

from mystery_shopper.core import clock, receipts
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, ValueBand
from mystery_shopper.suggestions.services import NewSuggestion, file_suggestion


@dataclass(frozen=True)
class FiledSuggestion:
    """What a test needs to know of a suggestion."""

    reference: str
    receipt_code: str


def add_suggestion(
    *, forced_by: ForcedBy = ForcedBy.INSURER, family: str = "insurance", requirement: str = "Cover of £10 million"
) -> FiledSuggestion:
    """File a suggestion."""
    code = receipts.new_code()
    suggestion = file_suggestion(
        NewSuggestion(
            submission_id=uuid4(),
            receipt_mac=receipts.digest(code),
            forced_by=forced_by,
            family=family,
            value_band=ValueBand.TO_150K,
            content=SuggestionContent(requirement=requirement, would_rather="Ask for £1 million"),
        ),
        now=clock.reporter_now(),
    )
    return FiledSuggestion(suggestion.reference, code)
