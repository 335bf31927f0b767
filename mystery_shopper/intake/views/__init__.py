"""Pages of the reporter's side."""

from mystery_shopper.intake.views import (
    authority,
    ending,
    finishing,
    pages,
    proof,
    questions,
    receipt,
    returning,
    short,
    starting,
)
from mystery_shopper.intake.views.blueprints import bp, proof_bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "ending",
    "finishing",
    "pages",
    "proof",
    "proof_bp",
    "questions",
    "receipt",
    "receipt_bp",
    "returning",
    "short",
    "starting",
]
