"""Pages of casework."""

from flask import Blueprint

bp = Blueprint("casework", __name__)

from mystery_shopper.casework.views import desk, facts, listing, page, steps, writing  # noqa: E402

__all__ = ["bp", "desk", "facts", "listing", "page", "steps", "writing"]
