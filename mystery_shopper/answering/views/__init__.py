"""Pages: of caseworkers on a case, and of the officers of the authority at /answer."""

from flask import Blueprint

bp = Blueprint("answering", __name__)
answer_bp = Blueprint("answer", __name__, url_prefix="/answer")

from mystery_shopper.answering.views import entering, inviting, officer, requesting, staff  # noqa: E402

__all__ = ["answer_bp", "bp", "entering", "inviting", "officer", "requesting", "staff"]
