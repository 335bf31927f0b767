"""The page of who reported: a reason first, then the identity for some minutes; and the list for senior caseworkers."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.cases.models import Case, IdentityChoice, Report
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import get_report_of
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.identity import queries, services
from mystery_shopper.identity.forms import RevealForm
from mystery_shopper.identity.models import IdentityReveal
from mystery_shopper.identity.policy import Figure, figures

bp = Blueprint("identity", __name__)
PAGE = "/cases/<reference>/reports/<uuid:report_id>/identity"


@bp.get(PAGE)
@requires(Permission.IDENTITY_REVEAL, step_up=True)
def show_identity(reference: str, report_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    report = get_report_of(case, report_id)
    opened = queries.find_open_reveal(report, signed_in_user(), clock.utc_now())
    if opened is None or services.why_closed(case, signed_in_user()):
        return _ask(case, report, _form())
    return _show(case, report, opened)


@bp.post(PAGE)
@requires(Permission.IDENTITY_REVEAL, step_up=True)
@transactional
def reveal_identity(reference: str, report_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    report = get_report_of(case, report_id)
    form = _form()
    if form.validate_on_submit():
        user, now = signed_in_user(), clock.utc_now()
        try:
            services.reveal_identity(case, report, reason=form.reason.data, words=form.words.data, by=user, now=now)
        except DomainError as error:
            form.add_error(error)
        else:
            return redirect(url_for("identity.show_identity", reference=reference, report_id=report_id))
    return _ask(case, report, form)


@bp.post(f"{PAGE}/close")
@requires(Permission.IDENTITY_REVEAL)
@transactional
def close_identity(reference: str, report_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    services.close_reveal(get_report_of(case, report_id), by=signed_in_user(), now=clock.utc_now())
    flash("Who reported is closed again", "success")
    return redirect(url_for("casework.show_case", reference=reference))


@bp.get("/identity-looks")
@requires(Permission.CASE_ALLOCATE)
def list_looks() -> ResponseReturnValue:
    looks = queries.list_reveals(signed_in_user())
    return render_template("identity/list_looks.html", looks=looks, shown=queries.SHOWN)


def _form() -> RevealForm:
    form = RevealForm()
    form.offer()
    return form


def _ask(case: Case, report: Report, form: RevealForm) -> str:
    return render_template(
        "identity/reveal_identity.html",
        case=case,
        form=form,
        minutes=figures()[Figure.OPEN],
        closed=services.why_closed(case, signed_in_user()),
        is_known=queries.is_known(report),
        is_confidential=report.identity_choice is IdentityChoice.CONFIDENTIAL,
    )


def _show(case: Case, report: Report, opened: IdentityReveal) -> Response:
    """Show who reported, have it on record first, and let the browser leave the page when the time is over."""
    now = clock.utc_now()
    record_access(Action.IDENTITY_VIEWED, actor=signed_in_user().actor, subject="report", subject_id=report.id, now=now)
    page = render_template(
        "identity/show_identity.html", case=case, report=report, rows=queries.identity_rows(report), opened=opened
    )
    response = make_response(page)
    seconds = max(1, int((opened.closes_at - now).total_seconds()))
    response.headers["Refresh"] = f"{seconds}; url={url_for('casework.show_case', reference=case.reference)}"
    return response
