"""Texts that the disclosure gate stopped: the list of those that wait for a second person, and the decision."""

from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.models import OverrideState
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.overrides import get_override, show_override, waiting_for
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.cases.services import decide_override as decide
from mystery_shopper.casework.forms import OverrideForm
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires


@bp.get("/stopped-texts")
@requires(Permission.GATE_OVERRIDE)
def list_overrides() -> ResponseReturnValue:
    return render_template("casework/list_overrides.html", waiting=waiting_for(signed_in_user()))


@bp.route("/cases/<reference>/stopped-texts/<uuid:override_id>", methods=["GET", "POST"])
@requires(Permission.GATE_OVERRIDE, step_up=True)
@transactional
def decide_override(reference: str, override_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row, user = get_override(case, override_id), signed_in_user()
    form = OverrideForm()
    if form.validate_on_submit():
        allows, answer, known_by = form.decision.data == "yes", form.answer.data, form.known_by.data
        try:
            decide(case, row, allows=allows, answer=answer, known_by=known_by, by=user, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash("Decision saved", "success")
            return redirect(panel_path(case.reference, "stopped"))
    is_second = row.asked_by_id != user.id and not is_recused_from(case, user.id)
    can_decide = row.state is OverrideState.WAITING and is_second
    view = show_override(case, row)
    return render_template("casework/decide_override.html", case=case, form=form, view=view, can_decide=can_decide)
