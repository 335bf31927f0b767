"""Pages of triage: the rule catalogue, and the decision about one flag."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import load_rule_panels, panel_path
from mystery_shopper.cases.queries import find_flag
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.pagination import decode_cursor
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.facts.dictionary import dictionary_csv, dictionary_json, translation_notes
from mystery_shopper.facts.document_schema import document_schema, plain
from mystery_shopper.facts.languages import LANGUAGES
from mystery_shopper.rules.loading import catalogue, families
from mystery_shopper.triage import services
from mystery_shopper.triage.dictionary import dictionary_of, facts_of
from mystery_shopper.triage.forms import DECISION_LABELS, FactsForm, FlagForm, RuleCasesForm
from mystery_shopper.triage.queries import RuleCounts, find_rule, rule_counts, show_flag
from mystery_shopper.triage.use import cases_of, figures_of, precision_csv, values_of, versions_of

bp = Blueprint("triage", __name__)


@bp.get("/rules")
@requires(Permission.RULES_READ)
def list_rules() -> ResponseReturnValue:
    pack = catalogue()
    return render_template(
        "triage/list_rules.html", catalogue=pack, families=families(), counts=rule_counts(), none_counted=RuleCounts()
    )


@bp.get("/rules.csv")
@requires(Permission.RULES_READ)
def export_precision() -> ResponseReturnValue:
    response = Response(precision_csv(catalogue(), rule_counts()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rules-{clock.today().isoformat()}.csv"'
    return response


@bp.get("/rules/<rule_id>")
@requires(Permission.RULES_READ)
def show_rule(rule_id: str) -> ResponseReturnValue:
    rule, pack = find_rule(rule_id), catalogue()
    if rule is None:
        raise NotFoundError
    form = RuleCasesForm(formdata=request.args)
    decision = FlagDecision(form.decision.data) if form.validate() and form.decision.data else None
    cursor = decode_cursor(request.args.get("cursor"))
    return render_template(
        "triage/show_rule.html",
        rule=rule,
        form=form,
        decision=decision,
        labels=DECISION_LABELS,
        questions=pack.registry.of_ids(fact_id for fact_id in rule.questions if fact_id in pack.registry),
        facts=pack.registry.of_ids(pack.registry.sorted_ids(facts_of(rule))),
        counts=rule_counts().get(rule_id, RuleCounts()),
        figures=figures_of(rule, pack),
        values_of=values_of,
        versions=versions_of(rule_id),
        cases=cases_of(rule_id, signed_in_user(), decision=decision, cursor=cursor),
        panels=load_rule_panels(rule_id, signed_in_user()),
    )


@bp.get("/rules/facts")
@requires(Permission.RULES_READ)
def list_facts() -> ResponseReturnValue:
    pack = catalogue()
    form = FactsForm(formdata=request.args)
    words = form.q.data if form.validate() else ""
    entries = [entry for entry in dictionary_of(pack) if entry.has_words(words or "")]
    return render_template(
        "triage/list_facts.html",
        form=form,
        entries=entries,
        total=len(pack.registry),
        notes=translation_notes(pack.registry),
    )


@bp.get("/rules/facts.csv")
@requires(Permission.RULES_READ)
def export_facts() -> ResponseReturnValue:
    response = Response(dictionary_csv(dictionary_of(catalogue())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="facts.csv"'
    return response


@bp.get("/rules/facts.json")
@requires(Permission.RULES_READ)
def show_facts_json() -> ResponseReturnValue:
    pack = catalogue()
    return jsonify(dictionary_json(dictionary_of(pack), pack.registry))


@bp.get("/rules/facts/schema.json")
@requires(Permission.RULES_READ)
def show_facts_schema() -> ResponseReturnValue:
    return jsonify(plain(document_schema(catalogue().registry)))


@bp.get("/rules/facts/<fact_id>")
@requires(Permission.RULES_READ)
def show_fact(fact_id: str) -> ResponseReturnValue:
    pack = catalogue()
    entry = next((one for one in dictionary_of(pack) if one.definition.id == fact_id), None)
    if entry is None:
        raise NotFoundError
    return render_template(
        "triage/show_fact.html",
        entry=entry,
        fact=entry.definition,
        rules=[pack.rule(rule_id) for rule_id in entry.use.rules],
        families=[family for family in pack.families if family.id in entry.use.families],
        languages=LANGUAGES,
        notes=translation_notes(pack.registry),
        can_read_cases=signed_in_user().can(Permission.CASE_READ),
    )


@bp.route("/cases/<reference>/flags/<rule_id>", methods=["GET", "POST"])
@requires(Permission.FLAG_OVERRULE)
@transactional
def decide_flag(reference: str, rule_id: str) -> ResponseReturnValue:
    case, flag = _get_flag(reference, rule_id)
    view = show_flag(case, flag)
    form = FlagForm(decision=_decided(flag), reason=view.reason)
    if request.method != "POST":
        form.version.data = str(flag.version)
    if form.validate_on_submit():
        try:
            return _save(case, flag, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=flag.version)
        except DomainError as error:
            form.add_error(error)
    return render_template("triage/decide_flag.html", case=case, view=view, form=form)


def _get_flag(reference: str, rule_id: str) -> tuple[Case, Flag]:
    case = open_case(reference)
    flag = find_flag(case, rule_id)
    if flag is None:
        raise NotFoundError
    return case, flag


def _decided(flag: Flag) -> str:
    return "" if flag.decision is FlagDecision.UNDECIDED else flag.decision.value


def _save(case: Case, flag: Flag, form: FlagForm) -> ResponseReturnValue:
    services.decide_flag(
        case,
        flag,
        FlagDecision(form.decision.data),
        reason=form.reason.data,
        version=form.to_version(),
        decider=signed_in_user(),
        now=clock.utc_now(),
    )
    flash(f"Flag {flag.rule_id} {flag.decision.value}", "success")
    return redirect(panel_path(case.reference, "flags"))
