"""Pages of casework."""

from flask import Blueprint, url_for

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.series import series_reference
from mystery_shopper.cases.states import state_label
from mystery_shopper.casework.policy import (
    COLUMN_WORDS,
    DUE_WORDS,
    NEXT_WORDS,
    SCOPE_WORDS,
    WAITING_WORDS,
    state_colour,
)
from mystery_shopper.casework.queries.naming import law_title, rule_title
from mystery_shopper.core.permissions import Permission

bp = Blueprint("casework", __name__)
bp.add_app_template_filter(state_label, "state_words")
bp.add_app_template_global(series_reference, "series_reference")
bp.add_app_template_filter(state_colour, "state_colour")
bp.add_app_template_filter(lambda queue: QUEUE_LABELS.get(queue, queue), "queue_words")
bp.add_app_template_filter(lambda kind: DUE_WORDS.get(kind, kind), "due_kind_words")
bp.add_app_template_filter(lambda waiting: WAITING_WORDS[waiting], "waiting_words")
bp.add_app_template_filter(lambda waiting: NEXT_WORDS[waiting], "next_words")
bp.add_app_template_filter(lambda scope: SCOPE_WORDS.get(scope, scope), "scope_words")
bp.add_app_template_filter(lambda column: COLUMN_WORDS[column], "column_words")
bp.add_app_template_filter(rule_title, "rule_title")
bp.add_app_template_filter(law_title, "law_title")


@bp.app_template_global()
def words_path(reference: str) -> str:
    """Return the address of the words that must not leave a case; empty for who may not open it."""
    return url_for("casework.keep_words", reference=reference) if signed_in_user().can(Permission.CASE_WORK) else ""


from mystery_shopper.casework.views import (  # noqa: E402
    bulk,
    desk,
    evidence,
    facts,
    listing,
    overrides,
    page,
    saved_views,
    steps,
    words,
    writing,
)

__all__ = [
    "bp",
    "bulk",
    "desk",
    "evidence",
    "facts",
    "listing",
    "overrides",
    "page",
    "saved_views",
    "steps",
    "words",
    "writing",
]
