"""Watching a case, notes that are for a person, and the choice of mail."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.teamwork.forms import MailForm
from mystery_shopper.teamwork.policy import MailAbout
from mystery_shopper.teamwork.queries.watching import mail_choice_of
from mystery_shopper.teamwork.services import watching as services
from mystery_shopper.teamwork.services.mentions import note_read
from mystery_shopper.teamwork.views import bp


@bp.post("/cases/<reference>/watch")
@requires(Permission.CASE_READ)
@transactional
def watch_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    services.watch(case, signed_in_user(), now=clock.utc_now())
    return _back(case, f"You watch {case.reference}. Your desk says when it has changed")


@bp.post("/cases/<reference>/watch/end")
@requires(Permission.CASE_READ)
@transactional
def stop_watching_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    services.stop_watching(case, signed_in_user(), now=clock.utc_now())
    return _back(case, f"You no longer watch {case.reference}")


@bp.post("/cases/<reference>/notes/read")
@requires(Permission.CASE_READ)
@transactional
def note_notes_read(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    note_read(case, signed_in_user(), now=clock.utc_now())
    return _back(case, "Saved that you have read the notes for you")


@bp.route("/account/mail", methods=["GET", "POST"])
@requires(Permission.CASE_READ)
@transactional
def choose_mail() -> ResponseReturnValue:
    user = signed_in_user()
    form = MailForm(about=sorted(mail_choice_of(user.id)))
    if form.validate_on_submit():
        wanted = {MailAbout(one) for one in form.about.data}
        services.choose_mail(user.id, wanted, actor=actor(), now=clock.utc_now())
        flash("Saved when you get an email", "success")
        return redirect("/account")
    return render_template("teamwork/choose_mail.html", form=form)


def _back(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("casework.show_case", reference=case.reference))
