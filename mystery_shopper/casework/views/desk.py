"""The desk."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.absences import describe_absence
from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.overrides import count_waiting
from mystery_shopper.cases.panels import load_desk_panels
from mystery_shopper.casework.policy import TENDER_SOON_WORKING_DAYS
from mystery_shopper.casework.queries.desk import COUNT_LIMIT, load_desk
from mystery_shopper.casework.views import bp
from mystery_shopper.clocks.queries import SHOWN as ESCALATED_SHOWN
from mystery_shopper.clocks.queries import count_escalated
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import add_working_days
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.permissions import Permission, requires


@bp.get("/desk")
@requires(Permission.CASE_READ)
def show_desk() -> ResponseReturnValue:
    today = clock.today()
    soon = add_working_days(today, TENDER_SOON_WORKING_DAYS, bank_holidays())
    user = signed_in_user()
    desk = load_desk(user, today=today, soon=soon)
    return render_template(
        "casework/show_desk.html",
        desk=desk,
        panels=load_desk_panels(user, today),
        escalated=count_escalated(user, today) if user.can(Permission.CASE_ALLOCATE) else 0,
        stopped=count_waiting(user) if user.can(Permission.GATE_OVERRIDE) else 0,
        away=describe_absence(user.id, today),
        today=today,
        yesterday=today - timedelta(days=1),
        soon=soon,
        count_limit=COUNT_LIMIT,
        escalated_limit=ESCALATED_SHOWN,
    )
