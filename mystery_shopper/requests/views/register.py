"""The registers: what is open and due, recording a request, one request."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.holds.queries import is_on
from mystery_shopper.requests.forms import NewRequestForm
from mystery_shopper.requests.policy import clocks, decision_labels, kinds
from mystery_shopper.requests.queries import get_request, list_answered, list_open
from mystery_shopper.requests.services import register
from mystery_shopper.requests.showing import show_one
from mystery_shopper.requests.states import STATE_LABELS
from mystery_shopper.requests.views.blueprints import bp


@bp.get("/records/requests")
@requires(Permission.RECORDS_KEEP)
def list_requests() -> ResponseReturnValue:
    return render_template(
        "requests/list_requests.html",
        open_ones=list_open(),
        answered=list_answered(),
        kinds=kinds(),
        states=STATE_LABELS,
        decisions=decision_labels(),
        clocks=clocks(),
        today=clock.today(),
    )


@bp.route("/records/requests/new", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def record_request() -> ResponseReturnValue:
    form = NewRequestForm()
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            one = register.record_request(form.to_request(), by=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash(f"Recorded as {one.reference}", "success")
            return redirect(url_for("requests.show_request", reference=one.reference))
    return render_template("requests/record_request.html", form=form)


@bp.get("/records/requests/<reference>")
@requires(Permission.RECORDS_KEEP)
def show_request(reference: str) -> ResponseReturnValue:
    one, now = get_request(reference), clock.utc_now()
    audit.record_access(Action.REQUEST_VIEWED, actor=actor(), subject="request", subject_id=one.id, now=now)
    view = show_one(one, signed_in_user())
    is_held = is_on(Subject(HoldScope.REQUEST, one.id))
    return render_template("requests/show_request.html", one=one, view=view, is_held=is_held, today=clock.today())
