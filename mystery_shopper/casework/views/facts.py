"""Stating and correcting facts."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor
from mystery_shopper.cases.asking import ask_reporter as ask
from mystery_shopper.cases.conflict import save_shared, start_shared
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.casework.fact_forms import AskForm, FactChoiceForm, FactForm, fact_form, fill_in, fill_in_stored
from mystery_shopper.casework.queries.page import find_fact, find_finding, show_facts, show_findings, show_reports
from mystery_shopper.casework.services import steps as services
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.forms import Option
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.facts.definitions import AskedOf, FactDefinition
from mystery_shopper.facts.policy import FactValueError
from mystery_shopper.facts.registry import registry


@bp.get("/cases/<reference>/facts/new")
@requires(Permission.CASE_WORK)
def choose_fact(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = FactChoiceForm(formdata=request.args) if "fact" in request.args else FactChoiceForm()
    ordered = sorted(registry().values(), key=lambda definition: definition.title)
    form.fact.choices = tuple(Option(definition.id, definition.title) for definition in ordered)
    if "fact" in request.args and form.validate():
        return redirect(url_for("casework.state_fact", reference=case.reference, fact_id=form.fact.data))
    return render_template("casework/choose_fact.html", case=case, form=form, today=clock.today())


@bp.route("/cases/<reference>/facts/<fact_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def state_fact(reference: str, fact_id: str) -> ResponseReturnValue:
    definition = _get_definition(fact_id)
    case = open_case(reference)
    form = fact_form(definition)
    if request.method != "POST":
        _prepare(form, case, definition)
    if form.validate_on_submit():
        try:
            return save_shared(
                case,
                form,
                lambda: _stored(case, definition),
                lambda: _save(case, definition, form),
                version=lambda: _current_id(case, fact_id),
                is_one_statement=True,
            )
        except FactValueError as error:
            form.add_error(error, "value")
    return _draw_fact(case, definition, form)


def _stored(case: Case, definition: FactDefinition) -> FactForm:
    form = fact_form(definition, stored=True)
    current = find_fact(case, definition.id)
    if current is not None:
        fill_in_stored(form, definition, current, case.data_key)
    return form


def _prepare(form: FactForm, case: Case, definition: FactDefinition) -> None:
    form.seen.data = _current_id(case, definition.id)
    start_shared(form, lambda: _stored(case, definition))
    finding = find_finding(case, definition.id)
    if finding is not None:
        fill_in(form, definition, finding, case.data_key)


def _draw_fact(case: Case, definition: FactDefinition, form: FactForm) -> ResponseReturnValue:
    shown = (*show_facts(case), *show_findings(case))
    return render_template(
        "casework/state_fact.html",
        case=case,
        form=form,
        definition=definition,
        view=next((view for view in shown if view.fact_id == definition.id), None),
        can_be_asked=definition.asked_of is AskedOf.REPORTER,
        today=clock.today(),
    )


@bp.route("/cases/<reference>/facts/<fact_id>/ask", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def ask_reporter(reference: str, fact_id: str) -> ResponseReturnValue:
    definition = _get_definition(fact_id)
    case = open_case(reference)
    reports = {str(view.report.id): view for view in show_reports(case) if view.report.withdrawn_on is None}
    if definition.asked_of is not AskedOf.REPORTER or not reports:
        raise NotFoundError
    form = AskForm()
    form.offer((key, f"The reporter of report {view.number}") for key, view in reports.items())
    if form.validate_on_submit():
        ask(case, reports[form.report.data].report, fact_id, actor=actor(), now=clock.utc_now())
        flash(f"Question put to the reporter: {definition.title}", "success")
        return redirect(panel_path(case.reference, "facts"))
    return render_template(
        "casework/ask_reporter.html", case=case, form=form, definition=definition, today=clock.today()
    )


def _save(case: Case, definition: FactDefinition, form: FactForm) -> ResponseReturnValue:
    services.state_fact(
        case,
        definition,
        form.to_value(definition),
        origin=form.origin.data,
        seen=form.seen.data or "",
        actor=actor(),
        now=clock.utc_now(),
    )
    flash(f"Fact saved: {definition.title}. The rules were applied again", "success")
    return redirect(panel_path(case.reference, "flags"))


def _get_definition(fact_id: str) -> FactDefinition:
    definition = registry().get(fact_id)
    if definition is None:
        raise NotFoundError
    return definition


def _current_id(case: Case, fact_id: str) -> str:
    current = find_fact(case, fact_id)
    return str(current.id) if current else ""
