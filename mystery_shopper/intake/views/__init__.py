"""Pages of the reporter's side."""

from mystery_shopper.intake.views import (
    authority,
    ending,
    finishing,
    keying,
    pages,
    paper,
    proof,
    questions,
    receipt,
    returning,
    short,
    starting,
)
from mystery_shopper.intake.views.blueprints import bp, keying_bp, proof_bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "ending",
    "finishing",
    "keying",
    "keying_bp",
    "pages",
    "paper",
    "proof",
    "proof_bp",
    "questions",
    "receipt",
    "receipt_bp",
    "returning",
    "short",
    "starting",
]
