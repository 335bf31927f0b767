"""Signing in and out."""

import uuid
from datetime import datetime
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from mystery_shopper.accounts import forms, second_factor, signing_in
from mystery_shopper.accounts.access import find_signed_in_user, public
from mystery_shopper.accounts.policy import home_path
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.views import proving
from mystery_shopper.accounts.views.blueprint import bp, check_token
from mystery_shopper.accounts.views.proving import relying_party
from mystery_shopper.accounts.views.signing_on import find_provider
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.addresses import safe_next_path
from mystery_shopper.core.limits import Limit, limited

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
    provider = find_provider()
    return render_template(
        "accounts/sign_in.html",
        form=form,
        provider_name=provider.name if provider else "",
        provider_page=url_for("accounts.sign_on", next=next_path or None),
        action=url_for("accounts.sign_in", next=next_path or None),
        passkey_page=url_for("accounts.sign_in_by_passkey", next=next_path or None) if relying_party() else "",
    )


@bp.route("/sign-in/passkey", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
def sign_in_by_passkey() -> ResponseReturnValue:
    now, next_path = clock.utc_now(), safe_next_path(request.args.get("next"))
    form = forms.PasskeyForm()
    if proving.is_sent():
        user_id = proving.who_by_passkey(None, action=Action.ACCOUNT_SIGNED_IN, now=now)
        if user_id is not None:
            current_session().sign_in(user_id, now)
            return redirect(next_path or url_for("accounts.go_home"), HTTPStatus.SEE_OTHER)
        form.add_error(forms.WRONG_PASSKEY)
    return render_template(
        "accounts/sign_in_by_passkey.html",
        form=form,
        action=url_for("accounts.sign_in_by_passkey", next=next_path),
        password_page=url_for("accounts.sign_in", next=next_path),
        passkey_options=proving.options_for(None, now),
    )


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
def enter_code() -> ResponseReturnValue:
    now = clock.utc_now()
    user_id = current_session().pending_user_id(now)
    if user_id is None:
        return redirect(url_for("accounts.sign_in"))
    form = forms.CodeForm()
    if proving.is_sent():
        if proving.who_by_passkey(user_id, action=Action.ACCOUNT_SIGNED_IN, now=now) is not None:
            return _come_in(user_id, now)
        form.add_error(forms.WRONG_PASSKEY, "code")
    elif form.validate_on_submit():
        if signing_in.verify_second_factor(user_id, form.code.data, now=now):
            return _come_in(user_id, now)
        form.add_error(forms.WRONG_CODE, "code")
    options = proving.options_for(user_id, now)
    return render_template("accounts/enter_code.html", form=form, passkey_options=options)


def _come_in(user_id: uuid.UUID, now: datetime) -> ResponseReturnValue:
    next_path = current_session().next_path
    current_session().sign_in(user_id, now)
    return redirect(next_path or url_for("accounts.go_home"))


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
    return render_template("accounts/set_up_second_factor.html", form=form, **app_details(secret, email))


def app_details(secret: str, email: str) -> dict[str, object]:
    """Return what the page shows that adds the account to an authenticator app."""
    uri = second_factor.provisioning_uri(secret, email=email, issuer=ISSUER)
    picture = Markup(second_factor.qr_svg(uri))  # noqa: S704 - drawn by us from our own secret
    return {"picture": picture, "secret": second_factor.grouped(secret)}


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    check_token()
    user = find_signed_in_user()
    if user is not None:
        signing_in.sign_out(user.id, now=clock.utc_now())
    current_session().end()
    answer = redirect(url_for("accounts.sign_in", signed_out="yes"), HTTPStatus.SEE_OTHER)
    answer.headers["Clear-Site-Data"] = FORGET_EVERYTHING
    return answer


def _signed_in_id() -> uuid.UUID | None:
    user = find_signed_in_user()
    return None if user is None else user.id
