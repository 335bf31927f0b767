"""The pages of a case: the overview, its parts, the timeline, and all of it on paper."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.absences import describe_absence
from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import PART_TITLES, Part, actions_for, load_panels, part_path, parts_for
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.casework.forms import TimelineForm
from mystery_shopper.casework.history import choose_items
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_transaction
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.teamwork.queries.labels import labels_on
from mystery_shopper.teamwork.queries.watching import Watch, find_watch
from mystery_shopper.teamwork.services.watching import note_look

TIMELINE = "timeline"


@bp.get("/cases/<reference>")
@requires(Permission.CASE_READ)
def show_case(reference: str) -> ResponseReturnValue:
    user = signed_in_user()
    case = open_case(reference)
    return render_template(
        "casework/show_case.html",
        panels=load_panels(case, user, Part.OVERVIEW),
        actions=actions_for(case, user),
        labels=labels_on(case),
        watch=_look(case, user),
        **_frame(case, user, Part.OVERVIEW),
    )


def _look(case: Case, user: StaffMember) -> Watch | None:
    """Return how the person watches the case, and note that they have looked at it now."""
    watch = find_watch(case, user)
    if watch is not None and watch.is_behind:
        with separate_transaction() as session:
            note_look(session, case.id, user.id, watch.latest)
    return watch


@bp.get("/cases/<reference>/parts/<part>")
@requires(Permission.CASE_READ)
def show_part(reference: str, part: str) -> ResponseReturnValue:
    user = signed_in_user()
    shown = next((one for one in parts_for(user) if one == part and one is not Part.OVERVIEW), None)
    if shown is None:
        raise NotFoundError
    case = open_case(reference)
    panels = load_panels(case, user, shown)
    return render_template(
        "casework/show_part.html", title=PART_TITLES[shown], panels=panels, **_frame(case, user, shown)
    )


@bp.get("/cases/<reference>/timeline")
@requires(Permission.CASE_READ)
def show_timeline(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    items = read_timeline(case)
    form = TimelineForm(formdata=request.args)
    form.offer(items)
    wanted = form.to_filter() if form.validate() else None
    return render_template(
        "casework/show_timeline.html",
        items=choose_items(items, wanted) if wanted else items,
        count=len(items),
        form=form,
        **_frame(case, signed_in_user(), TIMELINE),
    )


@bp.get("/cases/<reference>/print")
@requires(Permission.CASE_READ)
def print_case(reference: str) -> ResponseReturnValue:
    user, now = signed_in_user(), clock.utc_now()
    case = open_case(reference)
    record_access(Action.CASE_PRINTED, actor=user.actor, subject="case", subject_id=case.id, now=now)
    g.is_on_paper = True
    loaded = load_panels(case, user)
    panels = [(panel, _without_actions(content)) for panel, content in loaded if panel.on_paper]
    return render_template(
        "casework/print_case.html",
        case=case,
        panels=panels,
        items=read_timeline(case),
        labels=labels_on(case),
        printed_by=user.name,
        printed_at=now,
        today=clock.today(),
    )


def _without_actions(content: Any) -> dict[str, Any]:
    """Nothing can be done on paper: what says that a person can is taken out."""
    return {name: False if name.startswith("can_") else value for name, value in content.items()}


def _frame(case: Case, user: StaffMember, current: str) -> dict[str, Any]:
    """Return what every page of a case shows around its own part."""
    places = [(PART_TITLES[part], part_path(case.reference, part), part.value) for part in parts_for(user)]
    places.append(("Timeline", f"/cases/{case.reference}/timeline", TIMELINE))
    return {
        "case": case,
        "away": describe_absence(case.owner_id, clock.today()),
        "today": clock.today(),
        "places": [{"text": text, "href": href, "current": key == current} for text, href, key in places],
    }
