"""Recording interventions and the authority's answers."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.cases.states import CaseState, can_move, state_label
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions import services
from mystery_shopper.interventions.forms import InterventionForm, ResponseForm
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.interventions.policy import possible_steps, powers_open
from mystery_shopper.interventions.queries import get_intervention
from mystery_shopper.interventions.views import bp


@bp.route("/cases/<reference>/interventions/new", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def record_intervention(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    powers = powers_open(case.received_on, case.procurement_started_on)
    form = InterventionForm(data={"summary": let_out(case).get("summary")})
    form.offer(powers, possible_steps(case.state))
    if request.method != "POST":
        form.version.data, form.submission_id.data = str(case.version), str(uuid4())
    if form.validate_on_submit():
        try:
            return _save(case, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("interventions/record_intervention.html", case=case, form=form, powers=powers)


def _save(case: Case, form: InterventionForm) -> ResponseReturnValue:
    new = form.to_intervention()
    version = as_version(form.version)
    services.record_intervention(case, new, version=version, maker=signed_in_user(), now=clock.utc_now())
    return back_to(case, f"Intervention recorded. {case.reference} is now: {state_label(case.state)}", "interventions")


@bp.route("/cases/<reference>/interventions/<uuid:intervention_id>/response", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def record_response(reference: str, intervention_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row = get_intervention(case, intervention_id)
    form = ResponseForm()
    form.offer(can_move=can_move(case.state, CaseState.RESPONDED))
    if request.method != "POST":
        form.version.data = str(row.version)
    if form.validate_on_submit():
        try:
            return _save_response(case, row, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=row.version)
        except DomainError as error:
            form.add_error(error)
    return render_template("interventions/record_response.html", case=case, form=form, row=row)


def _save_response(case: Case, row: Intervention, form: ResponseForm) -> ResponseReturnValue:
    services.record_response(
        case,
        row,
        received_on=form.received_on.data,
        text=form.text.data,
        moves_case=form.wants_move,
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return back_to(case, "Answer recorded", "interventions")


def back_to(case: Case, message: str, place: str) -> ResponseReturnValue:
    """Go back to a panel of the case page and say what was done."""
    flash(message, "success")
    return redirect(panel_path(case.reference, place))
