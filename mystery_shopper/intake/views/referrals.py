"""Referrals through the receipt: the reporter reads what would go out, agrees or not, and can take it back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.models import Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import YES, GovForm, as_version
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.guidance.bodies import body_of
from mystery_shopper.guidance.forms import AnswerReferralForm, StopReferralForm
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.queries import get_for_reporter
from mystery_shopper.guidance.referring import RESULT_LABELS
from mystery_shopper.guidance.services.referring import has_contact
from mystery_shopper.guidance.states import REPORTER_LABELS, ReferralState, can_step
from mystery_shopper.intake import services
from mystery_shopper.intake.views.blueprints import receipt_bp as bp
from mystery_shopper.intake.views.receipt import current_report


@bp.route("/case/referrals/<uuid:referral_id>", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def answer_referral(referral_id: UUID) -> ResponseReturnValue:
    report = current_report()
    row = get_for_reporter(report, referral_id)
    form = _form_for(row)
    if form is not None and request.method != "POST":
        form["version"].data = str(row.version)
    if form is not None and form.validate_on_submit():
        try:
            flash(_answer(report, row, form), "success")
            return redirect(url_for("receipt.show_case"))
        except DomainError as error:
            form.add_error(error)
            form["version"].data = str(row.version)
    return render_template(
        "receipt/answer_referral.html",
        row=row,
        body=body_of(row.body_id),
        form=form,
        has_contact=has_contact(report),
        labels=REPORTER_LABELS,
        result_labels=RESULT_LABELS,
    )


def _form_for(row: Referral) -> GovForm | None:
    """Return the question, the button to take the agreement back, or nothing where nothing can be done."""
    if row.report.withdrawn_on is not None:
        return None
    if row.state is ReferralState.ASKED:
        form = AnswerReferralForm()
        form.offer(has_contact=has_contact(row.report))
        return form
    return StopReferralForm() if can_step(row.state, ReferralState.WITHDRAWN) else None


def _answer(report: Report, row: Referral, form: GovForm) -> str:
    version, now = as_version(form["version"]), clock.reporter_now()
    if not isinstance(form, AnswerReferralForm):
        services.stop_referral(report, row, version=version, now=now)
        return str(_("You have taken back your agreement"))
    agrees = form.agrees.data == YES
    services.answer_referral(report, row, agrees=agrees, shares_contact=form.shares, version=version, now=now)
    return str(_("Thank you. We will make the referral")) if agrees else str(_("Thank you. We pass nothing on"))
