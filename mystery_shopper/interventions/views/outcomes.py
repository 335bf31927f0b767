"""Recording the outcome."""

from collections.abc import Sequence
from uuid import uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import save_shared, start_shared
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions import services
from mystery_shopper.interventions.forms import OutcomeForm
from mystery_shopper.interventions.queries import find_outcome, show_outcome, stated_facts
from mystery_shopper.interventions.queries.amended import AmendedFact, amended_facts
from mystery_shopper.interventions.views import bp
from mystery_shopper.interventions.views.doing import back_to


def _stored(case: Case) -> OutcomeForm:
    form = OutcomeForm(formdata=None)
    form.offer(stated_facts(case), can_move=can_move(case.state, CaseState.OUTCOME_RECORDED))
    row = find_outcome(case)
    if row is not None:
        form.fill_in(row, case.data_key)
    return form


def _save(case: Case, form: OutcomeForm) -> ResponseReturnValue:
    new, version = form.to_outcome(), as_version(form.version)
    services.record_outcome(case, new, version=version, recorder=signed_in_user(), now=clock.utc_now())
    return back_to(case, "Outcome recorded", "outcome")


@bp.route("/cases/<reference>/outcome", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def record_outcome(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = OutcomeForm()
    form.offer(stated_facts(case), can_move=can_move(case.state, CaseState.OUTCOME_RECORDED))
    amended = amended_facts(case)
    if request.method != "POST":
        form.version.data, form.submission_id.data = str(case.version), str(uuid4())
        _begin(form, amended)
    start_shared(form, lambda: _stored(case))
    if form.validate_on_submit():
        try:
            return save_shared(
                case,
                form,
                lambda: _stored(case),
                lambda: _save(case, form),
                version=lambda: case.version,
                is_one_statement=True,
            )
        except DomainError as error:
            form.add_error(error)
    row = find_outcome(case)
    view = show_outcome(case, row) if row else None
    return render_template("interventions/record_outcome.html", case=case, form=form, view=view, amended=amended)


def _begin(form: OutcomeForm, amended: Sequence[AmendedFact]) -> None:
    """Fill in the fact of an amended notice that the address names."""
    for fact in amended:
        if fact.fact_id == request.args.get("fact"):
            form.begin_with(fact)
