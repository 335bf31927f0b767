"""Pages of the reporter's side."""

from mystery_shopper.intake.views import (
    authority,
    evidence,
    finishing,
    notice,
    pages,
    questions,
    receipt,
    referrals,
    returning,
    starting,
)
from mystery_shopper.intake.views.blueprints import bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "evidence",
    "finishing",
    "notice",
    "pages",
    "questions",
    "receipt",
    "receipt_bp",
    "referrals",
    "returning",
    "starting",
]
