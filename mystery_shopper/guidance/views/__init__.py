"""Pages of guidance."""

from flask import Blueprint

bp = Blueprint("guidance", __name__)

from mystery_shopper.guidance.views import reading  # noqa: E402

__all__ = ["bp", "reading"]
