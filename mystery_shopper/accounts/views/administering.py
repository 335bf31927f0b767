"""Administering accounts."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import forms, queries, services
from mystery_shopper.accounts.access import Permission, actor, requires, signed_in_user
from mystery_shopper.accounts.closing import held_by
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.periods import Period, periods
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.views.blueprint import bp, check_token
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError


@bp.get("/admin")
@requires(Permission.ACCOUNTS_MANAGE)
def show_administration() -> ResponseReturnValue:
    return redirect(url_for("accounts.list_users"))


@bp.get("/admin/users")
@requires(Permission.ACCOUNTS_MANAGE)
def list_users() -> ResponseReturnValue:
    return render_template("accounts/list_users.html", accounts=queries.list_accounts(clock.utc_now()))


@bp.route("/admin/users/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def invite_user() -> ResponseReturnValue:
    form, now = forms.NewUserForm(), clock.utc_now()
    if form.validate_on_submit():
        details = {"email": form.email.data, "name": form.name.data, "roles": form.to_roles()}
        try:
            user = services.invite_user(**details, actor=actor(), now=now)
        except DomainError as error:
            form.add_error(error)
        else:
            return _back(user, f"An invitation is on its way to {user.email}")
    return render_template("accounts/invite_user.html", form=form, days=periods()[Period.INVITATION].days)


@bp.get("/admin/users/<uuid:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def show_user(user_id: uuid.UUID) -> ResponseReturnValue:
    account = queries.get_account(user_id, clock.utc_now())
    return render_template("accounts/show_user.html", account=account, is_own=user_id == signed_in_user().id)


@bp.route("/admin/users/<uuid:user_id>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def change_roles(user_id: uuid.UUID) -> ResponseReturnValue:
    user = queries.get_account_user(user_id)
    form = forms.RolesForm(roles=sorted(user.roles))
    if form.validate_on_submit():
        try:
            services.change_roles(user, form.to_roles(), actor=actor(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            return _back(user, f"The roles of {user.name} have been changed")
    return render_template("accounts/change_roles.html", form=form, user=user)


@bp.route("/admin/users/<uuid:user_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def disable_user(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_account_user(user_id), forms.CloseForm()
    held = held_by(user.id)
    if form.validate_on_submit():
        if held and not form.at_once.data:
            form.add_error(forms.NOT_HANDED_OVER, "at_once")
        else:
            services.disable_user(user, actor=actor(), now=clock.utc_now())
            return _back(user, f"The account of {user.name} is closed and all its sessions have ended")
    return render_template("accounts/disable_user.html", user=user, form=form, held=held)


@bp.route("/admin/users/<uuid:user_id>/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def reset_access(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_account_user(user_id), forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset_access.html", user=user, form=form, minutes=_link_minutes())
    services.renew_access(user, actor=actor(), now=clock.utc_now())
    return _back(user, f"A link is on its way to {user.email}")


@bp.route("/admin/users/<uuid:user_id>/link", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def send_link(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_account_user(user_id), forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/send_link.html", user=user, form=form, minutes=_link_minutes())
    services.send_link(user, actor=actor(), now=clock.utc_now())
    return _back(user, f"A link is on its way to {user.email}")


@bp.post("/admin/users/<uuid:user_id>/link/withdraw")
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def withdraw_link(user_id: uuid.UUID) -> ResponseReturnValue:
    check_token()
    user = queries.get_account_user(user_id)
    services.withdraw_link(user, actor=actor(), now=clock.utc_now())
    return _back(user, "The link does not work any more")


@bp.route("/admin/users/<uuid:user_id>/sign-out", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def end_sessions_of(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_account_user(user_id), forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/end_sessions_of.html", user=user, form=form)
    services.end_sessions(user, actor=actor(), now=clock.utc_now())
    return _back(user, f"{user.name} is signed out everywhere")


@bp.route("/admin/sign-everybody-out", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def end_everybodys_sessions() -> ResponseReturnValue:
    form = forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/end_everybodys_sessions.html", form=form)
    services.end_everybodys_sessions(actor=actor(), now=clock.utc_now())
    current_session().end()
    return redirect(url_for("accounts.sign_in", signed_out="yes"), HTTPStatus.SEE_OTHER)


def _back(user: User, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("accounts.show_user", user_id=user.id), HTTPStatus.SEE_OTHER)


def _link_minutes() -> int:
    return int(periods()[Period.RENEWAL].total_seconds()) // 60
