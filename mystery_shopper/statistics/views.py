"""The statistics for everybody."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.statistics.tables import load_statistics

bp = Blueprint("statistics", __name__)


@bp.get("/statistics")
@public
@limited(Limit.SEARCH)
def show_statistics() -> ResponseReturnValue:
    is_demo = current_app.extensions["settings"].demo
    return render_template(
        "statistics/show_statistics.html", figures=load_statistics(clock.today(), with_demonstration=is_demo)
    )
