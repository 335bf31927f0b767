"""The receipt: what a reporter sees and does after sending. Opened by the code, for one hour at a time."""

import uuid
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.followup import can_follow_up, is_asked_again, last_follow_up
from mystery_shopper.cases.models import IdentityChoice, Report
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.states import WITHDRAWABLE
from mystery_shopper.cases.walls import home_case_of, is_waited_for
from mystery_shopper.core import clock
from mystery_shopper.core.db import new_id, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, TransitionNotAllowedError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.forms.kept import carried_fields, fields_to_carry
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.guidance.queries import list_for_reporter
from mystery_shopper.guidance.states import REPORTER_LABELS
from mystery_shopper.intake import asking, details, forms, queries, services
from mystery_shopper.intake.summary import report_lines
from mystery_shopper.intake.uploading import show_files
from mystery_shopper.intake.views.blueprints import receipt_bp as bp
from mystery_shopper.intake.views.codes import (
    KEPT,
    OPENED,
    RECEIPT,
    UNREAD,
    enter_receipt,
    find_typed,
    keep_for_later,
    onward,
    put_away,
)
from mystery_shopper.intake.views.drafts import CARRIED, link, remember

OPEN_FOR = timedelta(hours=1)


class ReceiptClosedError(NotFoundError):
    """No receipt is open in this browser, or it was opened too long ago."""


@bp.errorhandler(ReceiptClosedError)
def ask_for_code(_error: ReceiptClosedError) -> ResponseReturnValue:
    """Ask for the code; what was typed goes along."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("receipt.open_receipt"))
    form = forms.ReturnForm(formdata=None, page=(request.endpoint or "").rpartition(".")[2])
    kept = fields_to_carry(CARRIED)
    form.add_error(_("You were signed out because you did nothing for an hour. Enter your code to go on"))
    return render_template("receipt/open_receipt.html", form=form, kept=kept), 409


def current_report() -> Report:
    """Return the report whose receipt is open.

    Raises:
        ReceiptClosedError: none is, or no longer.
    """
    opened, report_id = session.get(OPENED), session.get(RECEIPT)
    if not opened or not report_id or clock.utc_now() - datetime.fromisoformat(opened) > OPEN_FOR:
        raise ReceiptClosedError
    if request.method == "POST":
        session[OPENED] = clock.utc_now().isoformat()
    return queries.get_report(uuid.UUID(report_id))


@bp.route("", methods=["GET", "POST"])
@public
@limited(Limit.RECEIPT)
@transactional
def open_receipt() -> ResponseReturnValue:
    form = forms.ReturnForm()
    kept = list(carried_fields().items(multi=True))
    if form.validate_on_submit():
        found = find_typed(form)
        if found is not None and found.report is not None:
            enter_receipt(found.report)
            keep_for_later(form.page.data or "", kept)
            return redirect(url_for(onward()))
        if found is not None and found.draft is not None:
            return redirect(link("intake.tasks", remember(found.draft.id)))
    return render_template("receipt/open_receipt.html", form=form, kept=kept)


@bp.route("/case")
@public
def show_case() -> ResponseReturnValue:
    form = forms.MessageForm(data={"submission_id": str(new_id())}, **put_away("send_message"))
    return draw_case(current_report(), form)


def draw_case(report: Report, form: forms.MessageForm) -> ResponseReturnValue:
    """Draw the page of a report as its reporter sees it."""
    case = get_case_of(report)
    timeline = queries.reporter_timeline(report)
    return render_template(
        "receipt/show_case.html",
        form=form,
        report=report,
        case=case,
        home=home_case_of(report),
        is_anonymous=report.identity_choice is IdentityChoice.ANONYMOUS,
        waits_for_reporter=is_waited_for(report),
        can_withdraw=case.state in WITHDRAWABLE and report.withdrawn_on is None,
        timeline=timeline,
        status=queries.reporter_status(timeline),
        messages=queries.reporter_messages(case, report, session.get(UNREAD, [])),
        clocks=queries.report_clocks(report, clock.today()),
        questions=asking.open_questions(report),
        guidance=queries.guidance_on(report),
        referrals=list_for_reporter(report),
        referral_labels=REPORTER_LABELS,
        asks_details=details.can_give_details(report),
        can_follow_up=can_follow_up(report),
        is_asked_again=is_asked_again(report),
        has_followed_up=last_follow_up(report) is not None,
    )


def submission_of(form: forms.MessageForm | forms.DetailsForm) -> uuid.UUID:
    """Return the id that makes a message sent twice one message; a new one when the page carried none."""
    try:
        return uuid.UUID(form.submission_id.data or "")
    except ValueError:
        return new_id()


@bp.route("/case/withdraw", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def withdraw() -> ResponseReturnValue:
    report = current_report()
    form = forms.ConfirmForm()
    form.confirm.label.text = _("Withdraw my report")
    if form.validate_on_submit():
        try:
            services.withdraw_report(report, now=clock.reporter_now())
        except TransitionNotAllowedError:  # published or closed since the page was opened; its words are for staff
            return _draw_withdrawal(report, form), HTTPStatus.CONFLICT
        flash(str(_("You have withdrawn your report")), "success")
        return redirect(url_for("receipt.show_case"))
    return _draw_withdrawal(report, form)


def _draw_withdrawal(report: Report, form: forms.ConfirmForm) -> str:
    is_open = get_case_of(report).state in WITHDRAWABLE and report.withdrawn_on is None
    reference = home_case_of(report).public_reference
    return render_template("receipt/withdraw.html", form=form, is_open=is_open, reference=reference)


@bp.route("/case/object", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def object_to_publication() -> ResponseReturnValue:
    report = current_report()
    form = forms.ConfirmForm()
    form.confirm.label.text = _("Ask you not to publish the result")
    if form.validate_on_submit():
        services.object_to_publication(report)
        flash(str(_("We know that you do not want the result published")), "success")
        return redirect(url_for("receipt.show_case"))
    return render_template("receipt/object_to_publication.html", form=form, report=report)


@bp.route("/stay", methods=["POST"])
@public
@limited(Limit.PAGE)
def stay() -> ResponseReturnValue:
    if not forms.ConfirmForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    current_report()
    return redirect(url_for("receipt.show_case"))


@bp.context_processor
def time_limit() -> dict[str, int]:
    """Give the pages the time after which the receipt closes, in seconds."""
    return {"open_seconds": int(OPEN_FOR.total_seconds())}


@bp.route("/case/held")
@public
def show_held() -> ResponseReturnValue:
    report = current_report()
    held = queries.what_we_hold(report)
    authority = home_case_of(report).authority_name
    lines = report_lines(report.content, families=queries.families(), authority=authority)
    files = show_files(Holder(report_id=report.id))
    return render_template("receipt/show_held.html", report=report, held=held, lines=lines, files=files)


@bp.route("/leave", methods=["POST"])
@public
def leave() -> ResponseReturnValue:
    if not forms.ConfirmForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    for key in (RECEIPT, UNREAD, OPENED, KEPT):
        session.pop(key, None)
    return redirect(url_for("intake.left"))
