"""Steps of a case: move, take, assign, correct title and authority."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.allocation.queries import suggest_owners
from mystery_shopper.authorities.forms import AuthoritySearchForm
from mystery_shopper.authorities.queries import search_authorities
from mystery_shopper.cases.closure import closing_checklist, closing_obstacles
from mystery_shopper.cases.conflict import save_shared, show_conflict, start_shared
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.states import FINISHED, CaseState, state_label
from mystery_shopper.casework.forms import AssignForm, AuthorityForm, MoveForm, TitleForm
from mystery_shopper.casework.policy import manual_steps
from mystery_shopper.casework.services import steps as services
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import GovForm, HiddenField, Option, as_version
from mystery_shopper.core.permissions import Permission, requires


@bp.route("/cases/<reference>/move", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def move_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = _move_form(case)
    if form.validate_on_submit():
        try:
            services.step(
                case,
                CaseState(form.new.data),
                reason=form.reason.data,
                version=as_version(form.version),
                close_anyway=bool("close_anyway" in form and form.close_anyway.data),
                actor=actor(),
                now=clock.utc_now(),
            )
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
        else:
            return _back(case, f"{case.reference} is now: {state_label(case.state)}")
    return render_template(
        "casework/move_case.html", case=case, form=form, checklist=_checklist(case), today=clock.today()
    )


def _move_form(case: Case) -> MoveForm:
    form = MoveForm()
    steps = manual_steps(case.state)
    closes = any(step in FINISHED for step in steps)
    form.offer(steps, can_close_anyway=closes and bool(closing_obstacles(case)))
    return _with_version(form, form.version, case)


def _checklist(case: Case) -> list[object]:
    can_close = any(step in FINISHED for step in manual_steps(case.state))
    return list(closing_checklist(case)) if can_close else []


@bp.post("/cases/<reference>/take")
@requires(Permission.CASE_WORK)
@transactional
def take_case(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    version = request.form.get("version", type=int, default=-1)
    services.take(case, signed_in_user(), version=version, now=clock.utc_now())
    return _back(case, f"{case.reference} is yours")


@bp.route("/cases/<reference>/assign", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def assign_case(reference: str) -> ResponseReturnValue:
    case, user = open_case(reference), signed_in_user()
    form = AssignForm()
    people = suggest_owners(case, user, clock.today()) if user.can(Permission.CASE_ALLOCATE) else []
    form.offer(people, can_put_back=case.owner_id is not None)
    _with_version(form, form.version, case)
    if form.validate_on_submit():
        try:
            return _give(case, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template("casework/assign_case.html", case=case, form=form, today=clock.today())


def _give(case: Case, form: AssignForm) -> ResponseReturnValue:
    services.give(
        case,
        form.to_owner_id(),
        signed_in_user(),
        reason=form.reason.data,
        version=as_version(form.version),
        now=clock.utc_now(),
    )
    return _after_assigning(case)


def _after_assigning(case: Case) -> ResponseReturnValue:
    if case.owner is None:
        return _back(case, f"{case.reference} is back in its queue")
    flash(f"{case.reference} was given to {case.owner.name}", "success")
    can_still_see = signed_in_user().can(Permission.CASE_ALLOCATE) or case.owner_id == signed_in_user().id
    return redirect(url_for("casework.show_case", reference=case.reference) if can_still_see else "/desk")


@bp.route("/cases/<reference>/title", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def correct_title(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = TitleForm(title=case.title)
    _with_version(form, form.version, case)
    start_shared(form, lambda: _stored_title(case))
    if form.validate_on_submit():
        return save_shared(
            case, form, lambda: _stored_title(case), lambda: _save_title(case, form), version=lambda: case.version
        )
    return render_template("casework/correct_title.html", case=case, form=form, today=clock.today())


def _stored_title(case: Case) -> TitleForm:
    return TitleForm(formdata=None, data={"title": case.title})


def _save_title(case: Case, form: TitleForm) -> ResponseReturnValue:
    services.retitle(
        case,
        form.title.data,
        reason=form.reason.data,
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return _back(case, "Title saved")


@bp.route("/cases/<reference>/authority", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def correct_authority(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    search = AuthoritySearchForm(formdata=request.args) if "name" in request.args else AuthoritySearchForm()
    searched = "name" in request.args and search.validate()
    form = _authority_form(case, search.name.data if searched else "")
    start_shared(form, lambda: _stored_authority(case))
    if form.validate_on_submit():
        return save_shared(
            case,
            form,
            lambda: _stored_authority(case),
            lambda: _save_authority(case, form),
            version=lambda: case.version,
        )
    return render_template(
        "casework/correct_authority.html",
        case=case,
        form=search if search.errors else form,
        search=search,
        choice=form,
        searched=searched,
        today=clock.today(),
    )


def _stored_authority(case: Case) -> AuthorityForm:
    form = AuthorityForm(formdata=None)
    if case.authority is not None:
        form.authority.choices = (Option(str(case.authority.id), case.authority.name),)
        form.authority.data = str(case.authority.id)
    return form


def _save_authority(case: Case, form: AuthorityForm) -> ResponseReturnValue:
    authority_id, version = UUID(form.authority.data), as_version(form.version)
    services.name_authority(
        case, authority_id, reason=form.reason.data, version=version, actor=actor(), now=clock.utc_now()
    )
    return _back(case, f"Authority saved: {case.authority_name}")


def _authority_form(case: Case, name: str) -> AuthorityForm:
    form = AuthorityForm()
    found = search_authorities(name) if name else ()
    form.authority.choices = tuple(
        Option(str(one.id), one.name, hint=f"Closed on {one.ends_on.isoformat()}" if one.ends_on else "")
        for one in found
    )
    _with_version(form, form.version, case)
    return form


def _with_version(form: GovForm, field: HiddenField, case: Case) -> GovForm:
    if request.method != "POST":
        field.data = str(case.version)
    return form


def _back(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("casework.show_case", reference=case.reference))
