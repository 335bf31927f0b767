"""Pages of legal holds: placing, reviewing and lifting one."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import as_submission
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.holds import services as hold_services
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldGround, HoldScope
from mystery_shopper.holds.queries import get_hold, lock_for_placing
from mystery_shopper.retention.forms import NAMED, CaseHoldForm, LiftHoldForm, ReviewHoldForm, WideHoldForm
from mystery_shopper.retention.services import holding
from mystery_shopper.retention.showing import HoldView, show_hold
from mystery_shopper.retention.views.blueprints import bp


@bp.route("/cases/<reference>/hold", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def place_hold(reference: str) -> ResponseReturnValue:
    if not is_reading():
        lock_for_placing()  # Before the case and the log, as who destroys does: nobody waits in a circle.
    case = open_case(reference)
    form = CaseHoldForm()
    _with_submission(form)
    if form.validate_on_submit():
        try:
            holding.hold_case(
                case,
                HoldGround(form.ground.data),
                reason=form.reason.data,
                review_on=form.review_on.data,
                submission_id=as_submission(form.submission_id),
                by=signed_in_user(),
                now=clock.utc_now(),
            )
        except DomainError as error:
            form.add_error(error)
        else:
            flash("The case is on hold: nothing of it can be destroyed", "success")
            return redirect(panel_path(case.reference, "holds"))
    return render_template("retention/place_hold.html", case=case, form=form)


@bp.route("/records/holds/new", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def place_wide_hold() -> ResponseReturnValue:
    form = WideHoldForm(data={name: request.args.get(name, "") for name in ("scope", *NAMED)})
    _with_submission(form)
    if form.validate_on_submit():
        try:
            holding.hold_widely(
                HoldScope(form.scope.data),
                form.to_name(),
                HoldGround(form.ground.data),
                reason=form.reason.data,
                review_on=form.review_on.data,
                submission_id=as_submission(form.submission_id),
                by=signed_in_user(),
                now=clock.utc_now(),
            )
        except DomainError as error:
            form.add_error(error)
        else:
            return _back("The hold is placed")
    return render_template("retention/place_wide_hold.html", form=form)


@bp.route("/records/holds/<uuid:hold_id>", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def review_hold(hold_id: UUID) -> ResponseReturnValue:
    hold, view = _open_hold(hold_id)
    form = ReviewHoldForm()
    if form.validate_on_submit():
        try:
            hold_services.review(
                hold,
                reason=form.reason.data,
                review_on=form.review_on.data,
                by_id=signed_in_user().id,
                now=clock.utc_now(),
            )
        except DomainError as error:
            form.add_error(error)
        else:
            return _back("The hold is kept")
    return render_template("retention/review_hold.html", view=view, form=form)


@bp.route("/records/holds/<uuid:hold_id>/lift", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP, step_up=True)
@transactional
def lift_hold(hold_id: UUID) -> ResponseReturnValue:
    hold, view = _open_hold(hold_id)
    form = LiftHoldForm()
    if form.validate_on_submit():
        try:
            holding.lift_hold(hold, reason=form.reason.data, by=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _back("The hold is lifted")
    return render_template("retention/lift_hold.html", view=view, form=form)


def _open_hold(hold_id: UUID) -> tuple[LegalHold, HoldView]:
    """Return the hold a page is about; the case it is on is opened with it, on record.

    Raises:
        NotFoundError: no such hold, or something it is on is hidden from this person.
    """
    hold = get_hold(hold_id, lock=request.method == "POST")
    view = show_hold(hold, signed_in_user())
    if not view.is_open:
        raise NotFoundError
    if view.reference:
        open_case(view.reference)
    return hold, view


def _with_submission(form: CaseHoldForm | WideHoldForm) -> None:
    if request.method != "POST":
        form.submission_id.data = str(uuid4())


def _back(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("retention.show_records"))
