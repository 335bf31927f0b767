"""Pages of casework."""

from flask import Blueprint

from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.states import state_label
from mystery_shopper.casework.policy import DUE_WORDS, WAITING_WORDS, state_colour

bp = Blueprint("casework", __name__)
bp.add_app_template_filter(state_label, "state_words")
bp.add_app_template_filter(state_colour, "state_colour")
bp.add_app_template_filter(lambda queue: QUEUE_LABELS.get(queue, queue), "queue_words")
bp.add_app_template_filter(lambda kind: DUE_WORDS.get(kind, kind), "due_kind_words")
bp.add_app_template_filter(lambda waiting: WAITING_WORDS[waiting], "waiting_words")

from mystery_shopper.casework.views import desk, facts, listing, page, steps, writing  # noqa: E402

__all__ = ["bp", "desk", "facts", "listing", "page", "steps", "writing"]
