"""Saying what came of a case after it was closed."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions.forms import FollowUpForm
from mystery_shopper.interventions.queries import get_follow_up
from mystery_shopper.interventions.services.following import settle_follow_up
from mystery_shopper.interventions.states import Practice
from mystery_shopper.interventions.views import bp
from mystery_shopper.interventions.views.doing import back_to


@bp.route("/cases/<reference>/follow-up/<uuid:follow_up_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def settle(reference: str, follow_up_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row, form, by = get_follow_up(case, follow_up_id), FollowUpForm(), signed_in_user()
    if request.method != "POST":
        form.version.data = str(row.version)
    if form.validate_on_submit():
        result, note, version = Practice(form.result.data), form.note.data, as_version(form.version)
        try:
            settle_follow_up(case, row, result, note=note, version=version, by=by, now=clock.utc_now())
            return back_to(case, "What came of it is recorded", "follow-up")
        except StaleEditError as error:
            return show_conflict(case, form, error, version=row.version)
        except DomainError as error:
            form.add_error(error)
    return render_template("interventions/settle.html", case=case, form=form, row=row)
