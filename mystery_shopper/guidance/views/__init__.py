"""Pages of guidance."""

from flask import Blueprint

bp = Blueprint("guidance", __name__)

from mystery_shopper.guidance.views import group, reading, referring, register  # noqa: E402

__all__ = ["bp", "group", "reading", "referring", "register"]
