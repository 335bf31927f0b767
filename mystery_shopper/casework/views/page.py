"""The case page and its timeline. Each viewing is on record before anything is shown."""

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import actions_for, panels_for
from mystery_shopper.cases.queries import get_case
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission, requires


@bp.get("/cases/<reference>")
@requires(Permission.CASE_READ)
def show_case(reference: str) -> ResponseReturnValue:
    user = signed_in_user()
    case = _get_case_on_record(reference)
    loaded = [(panel, panel.load(case, user)) for panel in panels_for(user)]
    return render_template(
        "casework/show_case.html",
        case=case,
        panels=[(panel, content) for panel, content in loaded if content is not None],
        actions=actions_for(case, user),
        today=clock.today(),
    )


@bp.get("/cases/<reference>/timeline")
@requires(Permission.CASE_READ)
def show_timeline(reference: str) -> ResponseReturnValue:
    case = _get_case_on_record(reference)
    return render_template("casework/show_timeline.html", case=case, items=read_timeline(case), today=clock.today())


def _get_case_on_record(reference: str) -> Case:
    user = signed_in_user()
    case = get_case(reference, user)
    record_access(Action.CASE_VIEWED, actor=user.actor, subject="case", subject_id=case.id, now=clock.utc_now())
    return case
