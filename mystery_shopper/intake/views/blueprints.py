"""The parts of the site that belong to reporters, the check of proofs, and where staff key in a report."""

from flask import Blueprint

from mystery_shopper.intake.titles import history_title

bp = Blueprint("intake", __name__, url_prefix="/report")
receipt_bp = Blueprint("receipt", __name__, url_prefix="/receipt")
bp.context_processor(history_title)
receipt_bp.context_processor(history_title)
proof_bp = Blueprint("proof", __name__, url_prefix="/proof")
keying_bp = Blueprint("keying", __name__, url_prefix="/cases/new")
