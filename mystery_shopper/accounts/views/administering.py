"""Administering accounts."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import forms, queries, services
from mystery_shopper.accounts.access import Permission, requires, signed_in_user
from mystery_shopper.accounts.views.blueprint import bp
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
    return render_template("accounts/list_users.html", users=queries.list_users())


@bp.route("/admin/users/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def create_user() -> ResponseReturnValue:
    form = forms.NewUserForm()
    if form.validate_on_submit():
        try:
            made = services.create_user(
                email=form.email.data,
                name=form.name.data,
                roles=form.to_roles(),
                actor=signed_in_user().actor,
                now=clock.utc_now(),
            )
        except DomainError as error:
            form.add_error(error)
        else:
            return render_template("accounts/one_time_password.html", made=made)
    return render_template("accounts/create_user.html", form=form)


@bp.get("/admin/users/<uuid:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def show_user(user_id: uuid.UUID) -> ResponseReturnValue:
    user = queries.get_user(user_id)
    return render_template("accounts/show_user.html", user=user, is_own=user.id == signed_in_user().id)


@bp.route("/admin/users/<uuid:user_id>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def change_roles(user_id: uuid.UUID) -> ResponseReturnValue:
    user = queries.get_user(user_id)
    form = forms.RolesForm(roles=sorted(user.roles))
    if form.validate_on_submit():
        try:
            services.change_roles(user, form.to_roles(), actor=signed_in_user().actor, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash(f"The roles of {user.name} have been changed", "success")
            return redirect(url_for("accounts.show_user", user_id=user.id), HTTPStatus.SEE_OTHER)
    return render_template("accounts/change_roles.html", form=form, user=user)


@bp.route("/admin/users/<uuid:user_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def disable_user(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_user(user_id), forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/disable_user.html", user=user, form=form)
    services.disable_user(user, actor=signed_in_user().actor, now=clock.utc_now())
    flash(f"The account of {user.name} is closed and all its sessions have ended", "success")
    return redirect(url_for("accounts.show_user", user_id=user.id), HTTPStatus.SEE_OTHER)


@bp.route("/admin/users/<uuid:user_id>/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE, step_up=True)
@transactional
def reset_access(user_id: uuid.UUID) -> ResponseReturnValue:
    user, form = queries.get_user(user_id), forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset_access.html", user=user, form=form)
    made = services.reset_access(user, actor=signed_in_user().actor, now=clock.utc_now())
    return render_template("accounts/one_time_password.html", made=made)
