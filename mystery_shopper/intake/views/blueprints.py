"""The parts of the site that belong to reporters, and the check of proofs."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/report")
receipt_bp = Blueprint("receipt", __name__, url_prefix="/receipt")
proof_bp = Blueprint("proof", __name__, url_prefix="/proof")
