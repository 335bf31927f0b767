"""Access in an emergency: opening a case, giving it back, the register of who did."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interests import emergencies
from mystery_shopper.interests.forms import EmergencyForm
from mystery_shopper.interests.policy import Figure, figures
from mystery_shopper.interests.views.blueprints import bp


@bp.route("/emergency-access", methods=["GET", "POST"])
@requires(Permission.CASE_WORK, step_up=True)
@transactional
def open_in_emergency() -> ResponseReturnValue:
    form = EmergencyForm()
    if form.validate_on_submit():
        reference, reason, user = form.reference.data.upper(), form.reason.data, signed_in_user()
        try:
            case = emergencies.open_in_emergency(reference, reason=reason, by=user, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash("The case is open to you. Senior caseworkers and auditors are told", "notice")
            return redirect(url_for("casework.show_case", reference=case.reference))
    hours, opened = figures()[Figure.EMERGENCY], emergencies.find_open_reference(signed_in_user())
    return render_template("interests/open_in_emergency.html", form=form, hours=hours, opened=opened)


@bp.post("/emergency-access/end")
@requires(Permission.CASE_WORK)
@transactional
def give_back() -> ResponseReturnValue:
    emergencies.give_back(get_user(signed_in_user().id), now=clock.utc_now())
    flash("You have given the case back", "success")
    return redirect("/desk")


@bp.get("/emergency-access/register")
@requires(Permission.CASE_ALLOCATE)
def list_emergencies() -> ResponseReturnValue:
    found = emergencies.list_emergencies(signed_in_user())
    return render_template("interests/list_emergencies.html", found=found, shown=emergencies.SHOWN)
