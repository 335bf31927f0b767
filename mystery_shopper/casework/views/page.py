"""The case page and its timeline."""

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.absences import describe_absence
from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import actions_for, panels_for
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_transaction
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.teamwork.queries.labels import labels_on
from mystery_shopper.teamwork.queries.watching import Watch, find_watch
from mystery_shopper.teamwork.services.watching import note_look


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
        labels=labels_on(case),
        watch=_look(case, user),
        away=describe_absence(case.owner_id, clock.today()),
        today=clock.today(),
    )


def _look(case: Case, user: StaffMember) -> Watch | None:
    """Return how the person watches the case, and note that they have looked at it now."""
    watch = find_watch(case, user)
    if watch is not None and watch.is_behind:
        with separate_transaction() as session:
            note_look(session, case.id, user.id, watch.latest)
    return watch


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
