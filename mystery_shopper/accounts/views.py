"""Pages for signing in, for one's own account and for administering accounts."""

import uuid
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from mystery_shopper.accounts import forms, queries, second_factor, services, signing_in
from mystery_shopper.accounts.access import (
    Permission,
    SignInRequiredError,
    StepUpRequiredError,
    find_signed_in_user,
    public,
    requires,
    signed_in_user,
)
from mystery_shopper.accounts.policy import home_path
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core import clock
from mystery_shopper.core.addresses import safe_next_path
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.forms.kept import kept_fields, typed_texts
from mystery_shopper.core.limits import Limit, limited

bp = Blueprint("accounts", __name__)

ISSUER = "Mystery Shopper"
FORGET_EVERYTHING = '"*"'


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    user = find_signed_in_user()
    next_path = safe_next_path(request.args.get("next")) or ""
    if user is not None and request.method in ("GET", "HEAD"):
        return redirect(next_path or home_path(user.permissions))
    form = forms.SignInForm()
    if form.validate_on_submit():
        now = clock.utc_now()
        accepted = signing_in.authenticate(form.email.data, form.password.data, now=now)
        if accepted is not None:
            current_session().begin_second_step(accepted.user_id, next_path=next_path, now=now)
            step = "enter_code" if accepted.has_second_factor else "set_up_second_factor"
            return redirect(url_for(f"accounts.{step}"))
        form.add_error(forms.WRONG_SIGN_IN, "email")
    action = url_for("accounts.sign_in", next=next_path or None)
    return render_template("accounts/sign_in.html", form=form, action=action)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
def enter_code() -> ResponseReturnValue:
    now = clock.utc_now()
    user_id = current_session().pending_user_id(now)
    if user_id is None:
        return redirect(url_for("accounts.sign_in"))
    form = forms.CodeForm()
    if form.validate_on_submit():
        if signing_in.verify_second_factor(user_id, form.code.data, now=now):
            next_path = current_session().next_path
            current_session().sign_in(user_id, now)
            return redirect(next_path or url_for("accounts.go_home"))
        form.add_error(forms.WRONG_CODE, "code")
    return render_template("accounts/enter_code.html", form=form)


@bp.route("/sign-in/set-up", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
def set_up_second_factor() -> ResponseReturnValue:
    now = clock.utc_now()
    user_id = current_session().pending_user_id(now) or _signed_in_id()
    if user_id is None:
        return redirect(url_for("accounts.sign_in"))
    secret, email = signing_in.begin_enrolment(user_id)
    form = forms.SetUpForm()
    if form.validate_on_submit():
        codes = signing_in.confirm_enrolment(user_id, form.code.data, now=now)
        if codes is not None:
            next_path = current_session().next_path or url_for("accounts.go_home")
            current_session().sign_in(user_id, now)
            return render_template("accounts/recovery_codes.html", codes=codes, next_path=next_path)
        form.add_error(forms.WRONG_CODE, "code")
    uri = second_factor.provisioning_uri(secret, email=email, issuer=ISSUER)
    picture = Markup(second_factor.qr_svg(uri))  # noqa: S704 - drawn by us from our own secret
    return render_template(
        "accounts/set_up_second_factor.html", form=form, picture=picture, secret=second_factor.grouped(secret)
    )


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    _check_token()
    user = find_signed_in_user()
    if user is not None:
        signing_in.sign_out(user.id, now=clock.utc_now())
    current_session().end()
    answer = redirect(url_for("accounts.sign_in", signed_out="yes"), HTTPStatus.SEE_OTHER)
    answer.headers["Clear-Site-Data"] = FORGET_EVERYTHING
    return answer


@bp.get("/account/home")
@requires(Permission.OWN_ACCOUNT)
def go_home() -> ResponseReturnValue:
    return redirect(home_path(signed_in_user().permissions))


@bp.get("/account")
@requires(Permission.OWN_ACCOUNT)
def show_account() -> ResponseReturnValue:
    user = signed_in_user()
    sessions = queries.list_sessions(user.id, current=current_session().id_hash, now=clock.utc_now())
    return render_template("accounts/show_account.html", user=user, sessions=sessions)


@bp.post("/account/sessions/<key>/end")
@requires(Permission.OWN_ACCOUNT)
@transactional
def end_session(key: str) -> ResponseReturnValue:
    _check_token()
    user = queries.get_user(signed_in_user().id)
    services.end_session(user, key, actor=user.actor, now=clock.utc_now())
    flash("The session has ended", "success")
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


@bp.route("/account/confirm", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@limited(Limit.SIGN_IN)
def confirm_identity() -> ResponseReturnValue:
    form, now = forms.ConfirmForm(), clock.utc_now()
    wanted = safe_next_path(request.args.get("next"))
    if form.validate_on_submit():
        if signing_in.confirm_password(signed_in_user().id, form.password.data, now=now):
            current_session().confirm(now)
            return redirect(wanted or url_for("accounts.go_home"), HTTPStatus.SEE_OTHER)
        form.add_error(forms.WRONG_PASSWORD, "password")
    action = url_for("accounts.confirm_identity", next=wanted)
    return render_template("accounts/confirm_identity.html", form=form, action=action)


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


@bp.app_errorhandler(SignInRequiredError)
def ask_to_sign_in(error: SignInRequiredError) -> ResponseReturnValue:
    if typed_texts():
        return _keep_text("You were signed out", "Sign in", url_for("accounts.sign_in")), HTTPStatus.UNAUTHORIZED
    form = forms.SignInForm(formdata=None)
    page = render_template("accounts/sign_in.html", form=form, action=url_for("accounts.sign_in"), notice=error.message)
    return page, HTTPStatus.UNAUTHORIZED


@bp.app_errorhandler(StepUpRequiredError)
def ask_to_confirm(error: StepUpRequiredError) -> ResponseReturnValue:
    if typed_texts():
        return _keep_text(error.title, "Enter your password", url_for("accounts.confirm_identity")), error.status
    can_go_back = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    wanted = request.path if can_go_back else url_for("accounts.go_home")
    action = url_for("accounts.confirm_identity", next=wanted)
    page = render_template(
        "accounts/confirm_identity.html", form=forms.ConfirmForm(formdata=None), action=action, notice=error.message
    )
    return page, HTTPStatus.FORBIDDEN


def _keep_text(title: str, words: str, address: str) -> str:
    """Return a page on which a text waits until the person has proved who they are in another tab.

    Sent again, it meets its form; if the session is another by then, the form shows it once more to be confirmed.
    """
    return render_template(
        "accounts/send_again.html",
        title=title,
        prove_words=words,
        prove_address=address,
        texts=typed_texts(),
        fields=kept_fields(),
        again_address=request.full_path if request.query_string else request.path,
    )


def _signed_in_id() -> uuid.UUID | None:
    user = find_signed_in_user()
    return None if user is None else user.id


def _check_token() -> None:
    """Refuse a bare button without a valid token, before anything is done."""
    if not forms.ActionForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
