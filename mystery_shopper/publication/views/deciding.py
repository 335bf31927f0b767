"""Approving, sending back, publishing, withholding, withdrawing."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.services import check_version
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.publication import forms, queries, services
from mystery_shopper.publication.models import Publication, PublishedResult
from mystery_shopper.publication.page import load_page
from mystery_shopper.publication.policy import WithdrawalReason
from mystery_shopper.publication.states import PublicationState
from mystery_shopper.publication.views.blueprints import bp


def _done(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("publication.show_publication", reference=case.reference))


def _get_version(case: Case, *states: PublicationState) -> Publication:
    publication = queries.find_open_publication(case)
    if publication is None:
        raise NotFoundError
    if publication.state not in states:
        raise StaleEditError("Somebody else took the next step with this text. Open the case again to see it.")
    return publication


@bp.route("/publication/<reference>/decide", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_APPROVE)
@transactional
def decide_text(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    publication = _get_version(case, PublicationState.AWAITING_APPROVAL)
    form = forms.DecisionForm(data={"version": str(publication.version)})
    if form.validate_on_submit():
        try:
            return _done(case, _decide(publication, form))
        except StaleEditError as error:
            return show_conflict(case, form, error, version=publication.version)
        except PermissionDeniedError:
            raise
        except DomainError as error:
            form.add_error(error, "approve")
    page = load_page(case, signed_in_user())
    return render_template("publication/decide_text.html", case=case, form=form, publication=publication, page=page)


def _decide(publication: Publication, form: forms.DecisionForm) -> str:
    version, now = as_version(form.version), clock.utc_now()
    if form.approves:
        services.approve(publication, version=version, approver=signed_in_user(), now=now)
        return "Text approved. It can be published now"
    services.send_back(publication, form.note.data or "", version=version, actor=actor(), now=now)
    return "Text sent back to its author"


@bp.route("/publication/<reference>/send-back", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_READ)
@transactional
def send_back(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    publication = _get_version(case, PublicationState.AWAITING_APPROVAL, PublicationState.APPROVED)
    form = forms.SendBackForm(data={"version": str(publication.version)})
    if form.validate_on_submit():
        try:
            services.send_back(
                publication,
                form.note.data or "",
                version=as_version(form.version),
                actor=actor(),
                now=clock.utc_now(),
            )
        except StaleEditError as error:
            return show_conflict(case, form, error, version=publication.version)
        return _done(case, "Text sent back to its author")
    return render_template("publication/send_back.html", case=case, form=form)


@bp.route("/publication/<reference>/publish", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_WRITE, step_up=True)
@transactional
def publish_text(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    publication = _get_version(case, PublicationState.APPROVED)
    form = forms.PublishForm(data={"version": str(publication.version)})
    if form.validate_on_submit() and _is_publishable(publication, form):
        try:
            return _done(case, _publish(publication, form))
        except StaleEditError as error:
            return show_conflict(case, form, error, version=publication.version)
        except DomainError as error:
            form.add_error(error.message, "publish")
    page = load_page(case, signed_in_user())
    return render_template("publication/publish_text.html", case=case, form=form, publication=publication, page=page)


def _publish(publication: Publication, form: forms.PublishForm) -> str:
    hold_days = current_app.extensions["settings"].publication_hold_days
    version, now = as_version(form.version), clock.utc_now()
    services.publish(publication, version=version, hold_days=hold_days, actor=actor(), now=now)
    return "Result published"


def _is_publishable(publication: Publication, form: forms.PublishForm) -> bool:
    """Show what stands against publishing now: an objection or a report may have come since the approval."""
    try:
        services.check_publishable(publication)
    except DomainError as error:
        form.add_error(error.message, "publish")
        return False
    return True


@bp.route("/publication/<reference>/withhold", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_WRITE)
@transactional
def withhold_result(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = forms.WithholdForm(data={"version": str(case.version)})
    if form.validate_on_submit():
        try:
            check_version(case, as_version(form.version))
        except StaleEditError as error:
            return show_conflict(case, form, error)
        services.withhold(case, form.reason.data or "", actor=actor(), now=clock.utc_now())
        return _done(case, "The result will not be published")
    return render_template("publication/withhold_result.html", case=case, form=form)


@bp.route("/publication/<reference>/withdraw", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_WRITE, step_up=True)
@transactional
def withdraw_result(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    result = _get_public(case)
    form = forms.WithdrawForm(data={"version": str(result.version)})
    if form.validate_on_submit():
        try:
            services.withdraw(
                result,
                WithdrawalReason(form.reason.data),
                form.note.data or "",
                case=case,
                version=as_version(form.version),
                actor=actor(),
                now=clock.utc_now(),
            )
        except StaleEditError as error:
            return show_conflict(case, form, error, version=result.version)
        return _done(case, "Result withdrawn. Its address now says so")
    return render_template("publication/withdraw_result.html", case=case, form=form, result=result)


def _get_public(case: Case) -> PublishedResult:
    result = queries.find_result_of(case)
    if result is None:
        raise NotFoundError
    if result.withdrawn_period is not None:
        raise StaleEditError("This result has been withdrawn already.")
    return result
