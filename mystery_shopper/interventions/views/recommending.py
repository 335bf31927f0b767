"""The recommendation ledger."""

from uuid import UUID, uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import save_shared, start_shared
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import list_flags
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import Option, as_submission, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions import services
from mystery_shopper.interventions.forms import AnswerForm, CheckForm, RecommendationForm
from mystery_shopper.interventions.models import Answer, Implemented, Recommendation
from mystery_shopper.interventions.queries import get_recommendation
from mystery_shopper.interventions.queries.amended import choose_evidence, kept_versions
from mystery_shopper.interventions.views import bp
from mystery_shopper.interventions.views.doing import back_to

PLACE = "recommendations"


@bp.route("/cases/<reference>/recommendations/new", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def make_recommendation(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = RecommendationForm(data={"addressee": _authority_of(case), **let_out(case)})
    form.rule_id.choices = tuple(Option(flag.rule_id, flag.rule_id) for flag in list_flags(case))
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            return _save(case, form)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("interventions/make_recommendation.html", case=case, form=form)


def _authority_of(case: Case) -> str:
    return case.authority.name if case.authority is not None else ""


def _save(case: Case, form: RecommendationForm) -> ResponseReturnValue:
    services.make_recommendation(
        case,
        form.text.data,
        addressee=form.addressee.data,
        rule_id=form.rule_id.data or None,
        made_on=form.made_on.data,
        submission_id=as_submission(form.submission_id),
        maker=signed_in_user(),
        now=clock.utc_now(),
    )
    return back_to(case, "Recommendation recorded", PLACE)


@bp.route("/cases/<reference>/recommendations/<uuid:recommendation_id>/answer", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def answer_recommendation(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row = get_recommendation(case, recommendation_id)
    form = AnswerForm(**_stored(row.answer, row.answered_on, row.answer_reason(case.data_key), row.check_on))
    _carry_version(form, row.version)
    start_shared(form, lambda: _stored_answer(case, row))
    if form.validate_on_submit():
        try:
            return save_shared(
                case,
                form,
                lambda: _stored_answer(case, row),
                lambda: _save_answer(case, row, form),
                version=lambda: row.version,
                is_one_statement=True,
            )
        except DomainError as error:
            form.add_error(error)
    return _page("interventions/answer_recommendation.html", case, form, row.text(case.data_key))


@bp.route("/cases/<reference>/recommendations/<uuid:recommendation_id>/check", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def check_recommendation(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row = get_recommendation(case, recommendation_id)
    form = CheckForm()
    if request.method != "POST":
        _fill_check(case, row, form)
    else:
        form.offer(kept_versions(case))
    _carry_version(form, row.version)
    start_shared(form, lambda: _stored_check(case, row))
    if form.validate_on_submit():
        try:
            return save_shared(
                case,
                form,
                lambda: _stored_check(case, row),
                lambda: _save_check(case, row, form),
                version=lambda: row.version,
                is_one_statement=True,
            )
        except DomainError as error:
            form.add_error(error)
    return _page("interventions/check_recommendation.html", case, form, row.text(case.data_key))


def _stored_answer(case: Case, row: Recommendation) -> AnswerForm:
    stored = _stored(row.answer, row.answered_on, row.answer_reason(case.data_key), row.check_on)
    return AnswerForm(formdata=None, **stored)


def _save_answer(case: Case, row: Recommendation, form: AnswerForm) -> ResponseReturnValue:
    services.answer_recommendation(
        case,
        row,
        Answer(form.answer.data),
        answered_on=form.answered_on.data,
        reason=form.reason.data,
        check_on=form.check_on.data,
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return back_to(case, "Answer saved", PLACE)


def _stored_check(case: Case, row: Recommendation) -> CheckForm:
    form = CheckForm(formdata=None)
    return _fill_check(case, row, form)


def _fill_check(case: Case, row: Recommendation, form: CheckForm) -> CheckForm:
    form.offer(kept_versions(case))
    form.implemented.data = row.implemented.value if row.implemented else ""
    form.checked_on.data, form.note.data = row.checked_on, row.check_note(case.data_key)
    evidence = row.evidence(case.data_key)
    if evidence:
        form.begin_with(evidence.before_id, evidence.after_id)
    return form


def _save_check(case: Case, row: Recommendation, form: CheckForm) -> ResponseReturnValue:
    services.check_recommendation(
        case,
        row,
        Implemented(form.implemented.data),
        checked_on=form.checked_on.data,
        note=form.note.data,
        evidence=choose_evidence(case, *form.chosen(), made_on=row.made_on),
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return back_to(case, "Check saved", PLACE)


def _stored(answer: Answer | None, answered_on: object, reason: str, check_on: object) -> dict[str, object]:
    return {
        "answer": answer.value if answer else "",
        "answered_on": answered_on,
        "reason": reason,
        "check_on": check_on,
    }


def _carry_version(form: AnswerForm | CheckForm, version: int) -> None:
    if request.method != "POST":
        form.version.data = str(version)


def _page(template: str, case: Case, form: AnswerForm | CheckForm, text: str) -> str:
    return render_template(template, case=case, form=form, text=text)
