"""One's own account."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import forms, queries, services, signing_in
from mystery_shopper.accounts.access import Permission, requires, signed_in_user
from mystery_shopper.accounts.policy import home_path
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.shortcuts import shortcuts_for
from mystery_shopper.accounts.views import proving
from mystery_shopper.accounts.views.blueprint import bp, check_token
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.limits import Limit, limited


@bp.get("/account/home")
@requires(Permission.OWN_ACCOUNT)
def go_home() -> ResponseReturnValue:
    return redirect(home_path(signed_in_user().permissions))


@bp.get("/account")
@requires(Permission.OWN_ACCOUNT)
def show_account() -> ResponseReturnValue:
    user = signed_in_user()
    return render_template(
        "accounts/show_account.html",
        user=user,
        account=queries.get_user(user.id),
        sessions=queries.list_sessions(user.id, current=current_session().id_hash, now=clock.utc_now()),
        passkeys=queries.list_passkeys(user.id),
        codes_left=queries.count_recovery_codes(user.id),
        can_have_passkeys=proving.relying_party() is not None,
    )


@bp.route("/account/keyboard-shortcuts", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@transactional
def choose_shortcuts() -> ResponseReturnValue:
    person = signed_in_user()
    form = forms.ShortcutsForm(has_shortcuts="yes" if person.has_shortcuts else "no")
    if form.validate_on_submit():
        services.choose_shortcuts(queries.get_user(person.id), is_on=form.has_shortcuts.data == "yes")
        flash("Keyboard shortcuts are " + ("on" if form.has_shortcuts.data == "yes" else "off"), "success")
        return redirect(url_for("accounts.choose_shortcuts"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/choose_shortcuts.html", form=form, groups=shortcuts_for(person.permissions))


@bp.post("/account/sessions/<key>/end")
@requires(Permission.OWN_ACCOUNT)
@transactional
def end_session(key: str) -> ResponseReturnValue:
    check_token()
    user = queries.get_user(signed_in_user().id)
    services.end_session(user, key, actor=user.actor, now=clock.utc_now())
    flash("The session has ended", "success")
    return redirect(url_for("accounts.show_account"), HTTPStatus.SEE_OTHER)


@bp.post("/account/sessions/end-others")
@requires(Permission.OWN_ACCOUNT)
@transactional
def end_other_sessions() -> ResponseReturnValue:
    check_token()
    user = queries.get_user(signed_in_user().id)
    services.end_sessions(user, actor=user.actor, now=clock.utc_now(), keep=current_session().id_hash)
    flash("Every other session has ended", "success")
    return redirect(url_for("accounts.show_account"), HTTPStatus.SEE_OTHER)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@limited(Limit.SIGN_IN)
@transactional
def change_password() -> ResponseReturnValue:
    form, person, now = forms.ChangePasswordForm(), signed_in_user(), clock.utc_now()
    if form.validate_on_submit():
        try:
            if not signing_in.confirm_password(person.id, form.current.data, now=now):
                raise DomainError(forms.WRONG_PASSWORD, field="current")
            user = queries.get_user(person.id)
            services.change_password(user, form.password.data, keep=None, actor=person.actor, now=now)
        except DomainError as error:
            form.add_error(error)
        else:
            current_session().sign_in(person.id, now)
            flash("Your password has been changed and your other sessions have ended", "success")
            return redirect(url_for("accounts.show_account"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/change_password.html", form=form, is_forced=person.must_change_password)


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, step_up=True)
@transactional
def replace_recovery_codes() -> ResponseReturnValue:
    form = forms.ActionForm()
    if not form.validate_on_submit():
        return render_template("accounts/replace_recovery_codes.html", form=form)
    user = queries.get_user(signed_in_user().id)
    codes = services.replace_recovery_codes(user, actor=user.actor, now=clock.utc_now())
    return render_template("accounts/recovery_codes.html", codes=codes, next_path=url_for("accounts.show_account"))
