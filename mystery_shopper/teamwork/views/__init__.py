"""Pages of working together."""

from flask import Blueprint

from mystery_shopper.teamwork.states import TASK_WORDS

bp = Blueprint("teamwork", __name__)
bp.add_app_template_filter(lambda state: TASK_WORDS[state], "task_words")

from mystery_shopper.teamwork.views import checklists, labels, tasks, watching  # noqa: E402

__all__ = ["bp", "checklists", "labels", "tasks", "watching"]
