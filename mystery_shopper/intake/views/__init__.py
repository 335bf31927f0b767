"""Pages of the reporter's side."""

from mystery_shopper.intake.views import authority, finishing, pages, questions, receipt, returning, short, starting
from mystery_shopper.intake.views.blueprints import bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "finishing",
    "pages",
    "questions",
    "receipt",
    "receipt_bp",
    "returning",
    "short",
    "starting",
]
