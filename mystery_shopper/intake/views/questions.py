"""Questions through the receipt: what we found in the report, and the few facts that would decide most."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import new_id, transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _, current
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import asking, details, forms, queries
from mystery_shopper.intake.views.blueprints import receipt_bp as bp
from mystery_shopper.intake.views.codes import forget_kept, put_away
from mystery_shopper.intake.views.receipt import current_report, submission_of

NOTHING_SAID = _("You did not answer anything. You can come back to these questions")


@bp.route("/case/findings", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def confirm_findings() -> ResponseReturnValue:
    report = current_report()
    questions = asking.open_questions(report)
    if not questions.findings:
        return redirect(url_for("receipt.show_case"))
    form = forms.found_form(questions.answers, current())(**put_away("confirm_findings"))
    if form.validate_on_submit():
        try:
            return _thank(asking.answer_findings(report, form, questions, now=clock.reporter_now()))
        except DomainError as error:
            form.add_error(error)
    return render_template("receipt/confirm_findings.html", form=form, findings=form.show(questions.answers))


@bp.route("/case/questions", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def answer_questions() -> ResponseReturnValue:
    report = current_report()
    questions = asking.open_questions(report)
    if not questions.fact_ids:
        return redirect(url_for("receipt.show_case"))
    form = forms.facts_form(questions.fact_ids, language=current())(**put_away("answer_questions"))
    if form.validate_on_submit():
        try:
            return _thank(asking.answer_questions(report, form, now=clock.reporter_now()))
        except DomainError as error:
            form.add_error(error)
    return render_template("receipt/answer_questions.html", form=form, decides=questions.decides)


@bp.route("/case/details", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def give_details() -> ResponseReturnValue:
    report = current_report()
    if not details.can_give_details(report):
        return redirect(url_for("receipt.show_case"))
    form = forms.DetailsForm(data={"submission_id": str(new_id())}, **put_away("give_details")).offer(
        queries.families()
    )
    if form.validate_on_submit():
        try:
            given = details.give_details(report, form, submission_id=submission_of(form), now=clock.reporter_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _thank(given)
    return render_template("receipt/give_details.html", form=form, report=report)


def _thank(answered: int) -> ResponseReturnValue:
    forget_kept()
    if answered:
        flash(str(_("We have your answers")), "success")
    else:
        flash(str(NOTHING_SAID))
    return redirect(url_for("receipt.show_case"))
