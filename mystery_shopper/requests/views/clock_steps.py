"""Steps that move the clocks of a request: acknowledged, asked, answered, extended, reviewed, a restriction ended."""

from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.requests.forms import DayForm, ReasonForm
from mystery_shopper.requests.policy import INTERNAL_REVIEW, clocks
from mystery_shopper.requests.services import register
from mystery_shopper.requests.views.blueprints import bp, open_request, step


@bp.route("/records/requests/<reference>/acknowledge", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def acknowledge(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), DayForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "acknowledge",
        lambda: register.acknowledge(one, on=form.day.data, by=by, now=now),
        "The acknowledgement is recorded",
    )


@bp.route("/records/requests/<reference>/ask", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def ask_requester(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), DayForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "ask_requester",
        lambda: register.ask_requester(one, asked_on=form.day.data, by=by, now=now),
        "Waiting for the requester",
        clock=clocks()[one.kind],
    )


@bp.route("/records/requests/<reference>/answered", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def note_answer(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), DayForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "note_answer",
        lambda: register.note_answer(one, answered_on=form.day.data, by=by, now=now),
        "The clock is set again",
    )


@bp.route("/records/requests/<reference>/extend", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def extend_request(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), ReasonForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "extend_request",
        lambda: register.extend(one, reason=form.reason.data, by=by, now=now),
        "The request is extended. Tell the requester why",
        clock=clocks()[one.kind],
    )


@bp.route("/records/requests/<reference>/review", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def ask_review(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), DayForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "ask_review",
        lambda: register.ask_review(one, asked_on=form.day.data, by=by, now=now),
        "The internal review has begun",
        clock=clocks()[INTERNAL_REVIEW],
    )


@bp.route("/records/requests/<reference>/review/result", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def finish_review(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), ReasonForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "finish_review",
        lambda: register.finish_review(one, result=form.reason.data, by=by, now=now),
        "The result of the review is recorded",
    )


@bp.route("/records/requests/<reference>/restriction/end", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def end_restriction(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), ReasonForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "end_restriction",
        lambda: register.end_restriction(one, reason=form.reason.data, by=by, now=now),
        "The restriction has ended",
    )
