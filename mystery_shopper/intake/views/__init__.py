"""Pages of the reporter's side."""

from mystery_shopper.intake.views import authority, evidence, finishing, pages, questions, receipt, returning, starting
from mystery_shopper.intake.views.blueprints import bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "evidence",
    "finishing",
    "pages",
    "questions",
    "receipt",
    "receipt_bp",
    "returning",
    "starting",
]
