"""Referrals on a case, for staff."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import YES, GovForm, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.guidance import forms
from mystery_shopper.guidance.bodies import bodies, body_of
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.queries import get_referral
from mystery_shopper.guidance.services import referring
from mystery_shopper.guidance.views import bp

PLACE = "referrals"


@bp.route("/cases/<reference>/referrals/new", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def propose_referral(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    reports = list_reports(case)
    form = forms.ReferralForm(data={"words": let_out(case).get("words")})
    form.offer(reports, bodies().values())
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            return _propose(case, _chosen(form, reports), form)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("guidance/propose_referral.html", case=case, form=form, reports=reports)


def _chosen(form: forms.ReferralForm, reports: Sequence[Report]) -> Report:
    wanted = form.report_id.data if "report_id" in form else str(reports[0].id)
    return next(report for report in reports if str(report.id) == wanted)


def _propose(case: Case, report: Report, form: forms.ReferralForm) -> ResponseReturnValue:
    referring.propose_referral(case, report, form.to_referral(), proposer=signed_in_user(), now=clock.utc_now())
    return _back(case, "We have asked the reporter through the receipt")


@bp.route("/cases/<reference>/referrals/<uuid:referral_id>/consent", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def record_consent(reference: str, referral_id: UUID) -> ResponseReturnValue:
    case, row = _open(reference, referral_id)
    form = forms.ConsentForm()

    def save(version: int) -> str:
        if form.agrees.data != YES:
            referring.decline(case, row, version=version, actor=actor(), now=clock.utc_now())
            return "Recorded. Nothing will be passed on"
        referring.agree(case, row, form.to_consent(), version=version, actor=actor(), now=clock.utc_now())
        return "Consent recorded. The referral can be made now"

    return _step(case, row, form, "guidance/record_consent.html", save)


@bp.route("/cases/<reference>/referrals/<uuid:referral_id>/text", methods=["GET", "POST"])
@requires(Permission.CASE_WORK, step_up=True)
@transactional
def take_out_referral(reference: str, referral_id: UUID) -> ResponseReturnValue:
    case, row = _open(reference, referral_id)
    form = forms.TakeOutForm()
    if form.validate_on_submit():
        try:
            text = referring.take_out(case, row, opener=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _as_file(text, row.code)
    return render_template("guidance/take_out_referral.html", case=case, row=row, body=body_of(row.body_id), form=form)


def _as_file(text: str, code: str) -> Response:
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="referral-{code}.txt"'
    return response


@bp.route("/cases/<reference>/referrals/<uuid:referral_id>/made", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def make_referral(reference: str, referral_id: UUID) -> ResponseReturnValue:
    case, row = _open(reference, referral_id)
    form = forms.ReferralMadeForm(made_on=row.made_on, reference=row.reference)

    def save(version: int) -> str:
        made_on, given = form.made_on.data, form.reference.data
        referring.make_referral(
            case, row, made_on=made_on, reference=given, version=version, actor=actor(), now=clock.utc_now()
        )
        return "Referral recorded. The reporter can read of it through the receipt"

    return _step(case, row, form, "guidance/make_referral.html", save)


@bp.route("/cases/<reference>/referrals/<uuid:referral_id>/result", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def record_referral_result(reference: str, referral_id: UUID) -> ResponseReturnValue:
    case, row = _open(reference, referral_id)
    form = forms.ReferralResultForm(
        result=row.result.value if row.result else "", result_on=row.result_on, note=row.note if row.result else ""
    )

    def save(version: int) -> str:
        day, note = form.result_on.data, form.note.data
        referring.record_result(
            case, row, form.to_result(), result_on=day, note=note, version=version, actor=actor(), now=clock.utc_now()
        )
        return "Result recorded"

    return _step(case, row, form, "guidance/record_referral_result.html", save)


@bp.route("/cases/<reference>/referrals/<uuid:referral_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def withdraw_referral(reference: str, referral_id: UUID) -> ResponseReturnValue:
    case, row = _open(reference, referral_id)
    form = forms.WithdrawForm()

    def save(version: int) -> str:
        reason = form.reason.data
        referring.withdraw(case, row, reason=reason, version=version, actor=actor(), now=clock.utc_now())
        return "Referral withdrawn"

    return _step(case, row, form, "guidance/withdraw_referral.html", save)


def _open(reference: str, referral_id: UUID) -> tuple[Case, Referral]:
    case = open_case(reference)
    return case, get_referral(case, referral_id)


def _step(case: Case, row: Referral, form: GovForm, template: str, save: Callable[[int], str]) -> ResponseReturnValue:
    """Take one step of a referral, or show its form: what was typed stays, and a stale page meets the newer state."""
    if request.method != "POST":
        form["version"].data = str(row.version)
    if form.validate_on_submit():
        try:
            message = save(as_version(form["version"]))
        except StaleEditError as error:
            return show_conflict(case, form, error, version=row.version)
        except DomainError as error:
            form.add_error(error)
        else:
            return _back(case, message)
    return render_template(template, case=case, row=row, body=body_of(row.body_id), form=form)


def _back(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, PLACE))
