"""Steps towards an answer: cases named, who asks, the pack, the decision."""

from uuid import UUID

from flask import make_response
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.holds.queries import lock_for_placing
from mystery_shopper.identity.queries import is_known
from mystery_shopper.requests.forms import DecideForm, IdentityForm, NameCaseForm, PackForm
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.queries import get_pack, get_request, list_cases, own_report, read_pack
from mystery_shopper.requests.services import packing, register
from mystery_shopper.requests.states import Decision
from mystery_shopper.requests.views.blueprints import bp, open_cases, open_request, step


@bp.route("/records/requests/<reference>/cases", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def name_case(reference: str) -> ResponseReturnValue:
    if not is_reading():
        lock_for_placing()  # Before request, case and log, as who destroys does: nobody waits in a circle.
    one, form = open_request(reference), NameCaseForm()
    return step(one, form, "name_case", lambda: _name_case(one, form), "The case is named, and on hold")


def _name_case(one: InfoRequest, form: NameCaseForm) -> None:
    try:
        case = open_case(form.case.data.upper())
    except NotFoundError as error:
        raise DomainError("There is no case with this reference", field="case") from error
    register.name_case(one, case, by=signed_in_user(), now=clock.utc_now())


@bp.route("/records/requests/<reference>/identity", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def check_identity(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), IdentityForm(), signed_in_user(), clock.utc_now()
    return step(
        one,
        form,
        "check_identity",
        lambda: register.check_identity(one, how=form.how.data, code=form.code.data, by=by, now=now),
        "It is recorded who asks",
    )


@bp.route("/records/requests/<reference>/decide", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP)
@transactional
def decide_request(reference: str) -> ResponseReturnValue:
    one, form = open_request(reference), DecideForm()
    form.offer(one.kind)
    return step(one, form, "decide_request", lambda: _decide(one, form), "The answer is recorded")


def _decide(one: InfoRequest, form: DecideForm) -> None:
    register.decide(
        one,
        Decision(form.decision.data),
        exemption_ids=form.exemptions.data,
        reason=form.reason.data,
        by=signed_in_user(),
        now=clock.utc_now(),
    )


@bp.route("/records/requests/<reference>/pack", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP, step_up=True)
@transactional
def build_pack(reference: str) -> ResponseReturnValue:
    one, form, by, now = open_request(reference), PackForm(), signed_in_user(), clock.utc_now()
    open_cases(one)
    return step(
        one,
        form,
        "build_pack",
        lambda: packing.build_pack(one, form.answer.data, by=by, now=now),
        "The pack is built. Look at it before it goes out",
        cases=list_cases(one, by),
    )


@bp.get("/records/requests/<reference>/packs/<uuid:pack_id>.zip")
@requires(Permission.RECORDS_KEEP, step_up=True)
def download_pack(reference: str, pack_id: UUID) -> ResponseReturnValue:
    one = get_request(reference)
    pack, report, now = get_pack(one, pack_id), own_report(one), clock.utc_now()
    open_cases(one)
    packing.check_taker(one, pack, by=signed_in_user())
    if report is not None and is_known(report):
        audit.record_access(Action.IDENTITY_VIEWED, actor=actor(), subject="report", subject_id=report.id, now=now)
    audit.record_access(Action.EXPORT_MADE, actor=actor(), subject="request-pack", subject_id=pack.id, now=now)
    answer = make_response(read_pack(one, pack))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{one.reference}.zip"'
    return answer
