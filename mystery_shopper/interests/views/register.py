"""The register of interests: one's own page, and the pages of others for senior caseworkers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.authorities.forms import AuthoritySearchForm
from mystery_shopper.authorities.queries import search_authorities
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interests import services
from mystery_shopper.interests.forms import AuthorityInterestForm, EndForm, SupplierInterestForm, WithdrawForm
from mystery_shopper.interests.policy import Figure, figures
from mystery_shopper.interests.queries import get_interest, list_interests, list_people
from mystery_shopper.interests.views.blueprints import bp


@bp.get("/interests")
@requires(Permission.OWN_ACCOUNT)
def show_own() -> ResponseReturnValue:
    user = signed_in_user()
    interests = list_interests(user.id, user, clock.today())
    return render_template("interests/show_own.html", interests=interests, months=figures()[Figure.COOLING_OFF])


@bp.route("/interests/authority", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@transactional
def add_own_authority() -> ResponseReturnValue:
    return _add_authority(get_user(signed_in_user().id), after=url_for("interests.show_own"))


@bp.route("/interests/supplier", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@transactional
def add_supplier() -> ResponseReturnValue:
    form = SupplierInterestForm()
    if form.validate_on_submit():
        user = signed_in_user()
        try:
            services.declare_interest(get_user(user.id), form.to_interest(), by=user, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _saved(url_for("interests.show_own"))
    return render_template("interests/add_supplier.html", form=form)


@bp.route("/interests/end", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@transactional
def end_own_interest() -> ResponseReturnValue:
    return _end_interest(get_user(signed_in_user().id), after=url_for("interests.show_own"))


@bp.get("/interests/people")
@requires(Permission.CASE_ALLOCATE)
def list_staff() -> ResponseReturnValue:
    return render_template("interests/list_staff.html", people=list_people(clock.today()))


@bp.get("/interests/people/<uuid:user_id>")
@requires(Permission.CASE_ALLOCATE)
def show_person(user_id: UUID) -> ResponseReturnValue:
    viewer, person = signed_in_user(), get_user(user_id)
    record_access(
        Action.INTERESTS_VIEWED, actor=viewer.actor, subject="account", subject_id=user_id, now=clock.utc_now()
    )
    interests = list_interests(user_id, viewer, clock.today())
    return render_template("interests/show_person.html", interests=interests, person=person)


@bp.route("/interests/people/<uuid:user_id>/authority", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def add_authority_of(user_id: UUID) -> ResponseReturnValue:
    return _add_authority(get_user(user_id), after=url_for("interests.show_person", user_id=user_id))


@bp.route("/interests/people/<uuid:user_id>/end", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def end_interest_of(user_id: UUID) -> ResponseReturnValue:
    return _end_interest(get_user(user_id), after=url_for("interests.show_person", user_id=user_id))


@bp.route("/interests/people/<uuid:user_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def withdraw_interest(user_id: UUID) -> ResponseReturnValue:
    person, user = get_user(user_id), signed_in_user()
    back = url_for("interests.show_person", user_id=user_id)
    form = WithdrawForm()
    form.offer(one for one in list_interests(user_id, user, clock.today()) if one.can_withdraw)
    if form.validate_on_submit():
        interest = get_interest(UUID(form.interest.data))
        services.withdraw_interest(interest, reason=form.reason.data, by=user, now=clock.utc_now())
        return _saved(back)
    return render_template("interests/withdraw_interest.html", form=form, person=person, back=back)


def _add_authority(person: User, *, after: str) -> ResponseReturnValue:
    search = AuthoritySearchForm(formdata=request.args) if "name" in request.args else AuthoritySearchForm()
    searched = "name" in request.args and search.validate()
    form = AuthorityInterestForm()
    form.offer(search_authorities(search.name.data) if searched else ())
    if form.validate_on_submit():
        try:
            services.declare_interest(person, form.to_interest(), by=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _saved(after)
    return render_template(
        "interests/add_authority.html",
        form=search if search.errors else form,
        search=search,
        choice=form,
        searched=searched,
        person=person,
        is_own=person.id == signed_in_user().id,
        back=after,
    )


def _end_interest(person: User, *, after: str) -> ResponseReturnValue:
    user = signed_in_user()
    form = EndForm()
    form.offer(one for one in list_interests(person.id, user, clock.today()) if one.can_end)
    if form.validate_on_submit():
        interest = get_interest(UUID(form.interest.data))
        try:
            services.end_interest(interest, form.ends_on.data, by=user, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _saved(after)
    return render_template(
        "interests/end_interest.html",
        form=form,
        person=person,
        is_own=person.id == user.id,
        months=figures()[Figure.COOLING_OFF],
        back=after,
    )


def _saved(address: str) -> ResponseReturnValue:
    flash("The register of interests is saved", "success")
    return redirect(address)
