"""The two parts of the site that show results: one for staff, one for everybody."""

from flask import Blueprint

bp = Blueprint("publication", __name__)
results_bp = Blueprint("results", __name__)
