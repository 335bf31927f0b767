"""Pages of clocks: stopping one, letting it go on, and what was put before a senior."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.pauses import PauseKind
from mystery_shopper.cases.pausing import kinds_open_to
from mystery_shopper.cases.services import check_version, pause_clock, resume_clock
from mystery_shopper.clocks.forms import PauseForm, ResumeForm
from mystery_shopper.clocks.policy import escalation_rules
from mystery_shopper.clocks.queries import SHOWN, list_escalated, show_clocks
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires

bp = Blueprint("clocks", __name__)


@bp.route("/cases/<reference>/pause", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def pause_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = PauseForm()
    form.offer(kinds_open_to(case.state, has_target=case.target_on is not None))
    _with_version(form, case)
    if form.validate_on_submit():
        try:
            return _pause(case, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    view = show_clocks(case, clock.today())
    return render_template("clocks/pause_case.html", case=case, form=form, view=view, today=clock.today())


def _pause(case: Case, form: PauseForm) -> ResponseReturnValue:
    check_version(case, as_version(form.version))
    pause_clock(
        case,
        PauseKind(form.kind.data),
        look_again_on=form.look_again_on.data,
        reason=form.reason.data,
        actor=actor(),
        now=clock.utc_now(),
    )
    return _back(case, "The clock stands still")


@bp.route("/cases/<reference>/resume", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def resume_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = ResumeForm()
    _with_version(form, case)
    if form.validate_on_submit():
        try:
            check_version(case, as_version(form.version))
            resume_clock(case, reason=form.reason.data, actor=actor(), now=clock.utc_now())
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
        else:
            return _back(case, "The clock goes on")
    view = show_clocks(case, clock.today())
    return render_template("clocks/resume_case.html", case=case, form=form, view=view, today=clock.today())


@bp.get("/escalated")
@requires(Permission.CASE_ALLOCATE)
def list_escalated_cases() -> ResponseReturnValue:
    return render_template(
        "clocks/list_escalated_cases.html",
        cases=list_escalated(signed_in_user(), clock.today()),
        shown=SHOWN,
        rules=escalation_rules().values(),
        today=clock.today(),
    )


def _with_version(form: PauseForm | ResumeForm, case: Case) -> None:
    if request.method != "POST":
        form.version.data = str(case.version)


def _back(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, "clocks"))
