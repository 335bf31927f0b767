"""The declaration at the door of a case."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.addresses import safe_next_path
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interests import services
from mystery_shopper.interests.forms import DeclareForm
from mystery_shopper.interests.views.blueprints import bp


@bp.route("/cases/<reference>/interest", methods=["GET", "POST"])
@requires(Permission.CASE_READ)
@transactional
def declare(reference: str) -> ResponseReturnValue:
    return _ask(reference, "casework.show_case")


@bp.route("/publication/<reference>/interest", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_READ)
@transactional
def declare_as_publisher(reference: str) -> ResponseReturnValue:
    return _ask(reference, "publication.show_publication")


def _ask(reference: str, onward: str) -> ResponseReturnValue:
    case = open_case(reference, asks=False)
    form = DeclareForm()
    form.offer(case)
    if form.validate_on_submit():
        try:
            return _declare(case, form, onward)
        except DomainError as error:
            form.add_error(error, "has_interest")
    return render_template("interests/declare.html", case=case, form=form)


def _declare(case: Case, form: DeclareForm, onward: str) -> ResponseReturnValue:
    user, now = signed_in_user(), clock.utc_now()
    new = form.to_interest(case, clock.today())
    if new is None:
        services.deny_interest(case, user, now=now)
        usual = url_for(onward, reference=case.reference)
        return redirect(safe_next_path(request.args.get("next")) or usual)
    services.declare_interest(get_user(user.id), new, by=user, now=now)
    flash("Your interest is on record. What it concerns is closed to you now", "success")
    return redirect(url_for("interests.show_own"))
