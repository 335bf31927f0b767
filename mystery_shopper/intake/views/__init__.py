"""Pages of the reporter's side."""

from mystery_shopper.intake.views import (
    authority,
    ending,
    evidence,
    finishing,
    keying,
    messages,
    notice,
    pages,
    paper,
    proof,
    questions,
    receipt,
    referrals,
    returning,
    short,
    starting,
)
from mystery_shopper.intake.views.blueprints import bp, keying_bp, proof_bp, receipt_bp

__all__ = [
    "authority",
    "bp",
    "ending",
    "evidence",
    "finishing",
    "keying",
    "keying_bp",
    "messages",
    "notice",
    "pages",
    "paper",
    "proof",
    "proof_bp",
    "questions",
    "receipt",
    "receipt_bp",
    "referrals",
    "returning",
    "short",
    "starting",
]
