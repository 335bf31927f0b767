"""Checklists of a case."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, transactional
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.teamwork.forms import ChecklistForm, seen_in
from mystery_shopper.teamwork.queries.ticks import ListView, get_checklist
from mystery_shopper.teamwork.services.ticks import tick
from mystery_shopper.teamwork.views import bp


@bp.route("/cases/<reference>/checklists/<checklist_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def tick_checklist(reference: str, checklist_id: str) -> ResponseReturnValue:
    case = open_case(reference)
    view = get_checklist(case, checklist_id)
    form = ChecklistForm(items=sorted(view.ticked))
    form.offer(view.checklist, _done(view))
    if request.method != "POST":
        form.seen.data = " ".join(form.items.data)
    if form.validate_on_submit():
        tick(
            case,
            view.checklist,
            chosen=form.items.data,
            seen=seen_in(form.seen),
            by=signed_in_user(),
            now=clock.utc_now(),
        )
        flash(f"Saved: {view.checklist.title}", "success")
        if request.args.get("then") == "move":  # they came from a closing that was refused
            return redirect(url_for("casework.move_case", reference=case.reference))
        return redirect(panel_path(case.reference, "checklists"))
    return render_template("teamwork/tick_checklist.html", case=case, form=form, view=view)


def _done(view: ListView) -> dict[str, str]:
    return {
        one.item.id: f"Ticked by {one.by}, {format_day(day_of(one.at))}" for one in view.items if one.at is not None
    }
