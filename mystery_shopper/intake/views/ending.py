"""The end of a report, as its reporter reads it: the closing letter, what came of it, the slip, and a lost code."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.followup import can_follow_up, last_follow_up
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.walls import home_case_of
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, queries, services
from mystery_shopper.intake.views.blueprints import receipt_bp as bp
from mystery_shopper.intake.views.codes import forget_kept, put_away
from mystery_shopper.intake.views.receipt import current_report


@bp.route("/lost")
@public
def lost_code() -> ResponseReturnValue:
    return render_template("receipt/lost_code.html")


@bp.route("/case/letter")
@public
def show_letter() -> ResponseReturnValue:
    report = current_report()
    if not can_follow_up(report):
        return redirect(url_for("receipt.show_case"))
    case = get_case_of(report)
    timeline = queries.reporter_timeline(report)
    return render_template(
        "receipt/show_letter.html",
        report=report,
        case=case,
        home=home_case_of(report),
        status=queries.reporter_status(timeline),
        timeline=timeline,
        messages=[message for message in queries.reporter_messages(case, report, []) if not message.is_mine],
        today=clock.today(),
    )


@bp.route("/case/follow-up", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def follow_up() -> ResponseReturnValue:
    report = current_report()
    if not can_follow_up(report):
        return redirect(url_for("receipt.show_case"))
    form = forms.FollowUpForm(data=forms.FollowUpForm.said(last_follow_up(report)), **put_away("follow_up"))
    if form.validate_on_submit():
        try:
            services.follow_up(report, form.changed_kind(), form.stars(), form.words.data, now=clock.reporter_now())
        except DomainError as error:
            form.add_error(error)
        else:
            forget_kept()
            flash(str(_("Thank you. The caseworker reads what you told us")), "success")
            return redirect(url_for("receipt.show_case"))
    return render_template("receipt/follow_up.html", form=form)


@bp.route("/case/slip")
@public
def show_slip() -> ResponseReturnValue:
    return render_template("receipt/show_slip.html", reference=home_case_of(current_report()).public_reference)
