"""Pages of interventions, recommendations and outcomes."""

from flask import Blueprint

bp = Blueprint("interventions", __name__)

from mystery_shopper.interventions.views import doing, following, ledger, outcomes, recommending  # noqa: E402

__all__ = ["bp", "doing", "following", "ledger", "outcomes", "recommending"]
