"""Keying in a report for somebody who phoned or wrote, and the letter with the receipt code for them."""

from datetime import date

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.models import Channel
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.core import clock
from mystery_shopper.core.db import new_id, transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT, as_submission
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.intake import forms, queries
from mystery_shopper.intake.keying import key_report as key_in
from mystery_shopper.intake.views.authority import matches
from mystery_shopper.intake.views.blueprints import keying_bp as bp

KEYED = "keyed_report"


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def key_report() -> ResponseReturnValue:
    form = forms.keying_form()(data={"submission_id": str(new_id()), "received_on": clock.today()})
    form.received_on.latest = form.learnt_on.latest = clock.today()
    form.offer(queries.families(), matches(form.query.data) if form.query.data else [])
    if form.search.data:
        if not form.query.data:
            form.add_error("Enter the name of the buyer", "query")
    elif form.validate_on_submit() and form.has_chosen():
        try:
            return _file(form)
        except DomainError as error:
            form.add_error(error)
    return render_template("keying/key_report.html", form=form, facts=forms.KEYED_FACTS)


def _file(form: forms.KeyingForm) -> ResponseReturnValue:
    received_on: date = form.received_on.data
    channel = Channel(form.channel.data)
    report, code = key_in(
        form.to_answers(),
        channel=channel,
        received_on=received_on,
        submission_id=as_submission(form.submission_id),
        keyer=signed_in_user(),
        now=clock.reporter_now(),
    )
    case = get_case_of(report)
    if code:
        session[KEYED] = {
            "code": code,
            "reference": case.reference,
            "public_reference": case.public_reference,
            "channel": channel.value,
            "received_on": received_on.isoformat(),
        }
    elif (session.get(KEYED) or {}).get("reference") != case.reference:
        flash("This report was keyed in already. Its code has been handed over")
        return redirect(f"/cases/{case.reference}")
    return redirect(url_for("keying.show_letter"))


@bp.route("/letter", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
def show_letter() -> ResponseReturnValue:
    keyed = session.get(KEYED)
    if not keyed:
        return redirect(url_for("keying.key_report"))
    form = forms.ConfirmForm()
    form.confirm.label.text = "The reporter has the code: go to the case"
    if form.is_submitted():
        if not form.validate():
            raise DomainError(TIMED_OUT)
        session.pop(KEYED)
        return redirect(f"/cases/{keyed['reference']}")
    day = date.fromisoformat(keyed["received_on"])
    return render_template("keying/show_letter.html", form=form, keyed=keyed, received_on=day, today=clock.today())
