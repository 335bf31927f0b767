"""The two parts of the site that belong to reporters."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/report")
receipt_bp = Blueprint("receipt", __name__, url_prefix="/receipt")
