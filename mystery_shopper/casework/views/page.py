"""The case page and its timeline."""

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.absences import describe_absence
from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import actions_for, panels_for
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission, requires


@bp.get("/cases/<reference>")
@requires(Permission.CASE_READ)
def show_case(reference: str) -> ResponseReturnValue:
    user = signed_in_user()
    case = open_case(reference)
    loaded = [(panel, panel.load(case, user)) for panel in panels_for(user)]
    return render_template(
        "casework/show_case.html",
        case=case,
        panels=[(panel, content) for panel, content in loaded if content is not None],
        actions=actions_for(case, user),
        away=describe_absence(case.owner_id, clock.today()),
        today=clock.today(),
    )


@bp.get("/cases/<reference>/timeline")
@requires(Permission.CASE_READ)
def show_timeline(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    return render_template(
        "casework/show_timeline.html",
        case=case,
        items=read_timeline(case),
        away=describe_absence(case.owner_id, clock.today()),
        today=clock.today(),
    )
