"""Signing in by the OpenID provider of the organisation, where a setting names one."""

import logging
from datetime import datetime
from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config import Config
from mystery_shopper.accounts import forms, signing_in, single_sign_on
from mystery_shopper.accounts.access import public
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.single_sign_on import Person, Provider, SingleSignOnError
from mystery_shopper.accounts.views.blueprint import bp
from mystery_shopper.core import clock
from mystery_shopper.core.addresses import safe_next_path
from mystery_shopper.core.limits import Limit, limited

logger = logging.getLogger(__name__)

NO_ACCOUNT = "There is no open account here for you. Ask an administrator to invite you"


@bp.get("/sign-in/provider")
@public
@limited(Limit.SEARCH)
def sign_on() -> ResponseReturnValue:
    provider = find_provider()
    if provider is None:
        return redirect(url_for("accounts.sign_in"))
    try:
        address, started = single_sign_on.start(provider, _return_address())
    except SingleSignOnError as error:
        return _refuse(error.message, error.reason, clock.utc_now())
    next_path = safe_next_path(request.args.get("next")) or ""
    current_session().remember_sign_on(started, next_path=next_path, now=clock.utc_now())
    return redirect(address)


@bp.get("/sign-in/provider/return")
@public
@limited(Limit.SEARCH)
def return_from_provider() -> ResponseReturnValue:
    provider, now = find_provider(), clock.utc_now()
    remembered = current_session().take_sign_on(now)
    if provider is None or remembered is None:
        return redirect(url_for("accounts.sign_in"))
    started, next_path = remembered
    try:
        person = single_sign_on.finish(provider, started, request.args, _return_address(), now=now)
    except SingleSignOnError as error:
        return _refuse(error.message, error.reason, now)
    return _come_in(person, next_path, now)


def _come_in(person: Person, next_path: str, now: datetime) -> ResponseReturnValue:
    """Go on as after a right password; where the provider has proved a second factor too, go in."""
    accepted = signing_in.accept_sign_on(person, now=now)
    if accepted is None:
        return _refuse_person()
    if person.has_second_factor and accepted.has_second_factor:
        signing_in.note_signed_in(accepted.user_id, now=now)
        current_session().sign_in(accepted.user_id, now, is_proved_here=False)
        return redirect(next_path or url_for("accounts.go_home"))
    current_session().begin_second_step(accepted.user_id, next_path=next_path, now=now)
    return redirect(url_for(f"accounts.{'enter_code' if accepted.has_second_factor else 'set_up_second_factor'}"))


@bp.get("/sign-in/provider/sign-out")
@public
@limited(Limit.SEARCH)
def sign_out_of_provider() -> ResponseReturnValue:
    provider = find_provider()
    back_to = _settings().base_url + url_for("accounts.sign_in")
    try:
        address = single_sign_on.sign_out_address(provider, back_to) if provider is not None else None
    except SingleSignOnError:
        address = None
    return redirect(address or url_for("accounts.sign_in"))


def find_provider() -> Provider | None:
    """Return the provider the settings name, None without one."""
    oidc = _settings().oidc
    if oidc is None:
        return None
    return Provider(oidc.name, oidc.issuer, oidc.client_id, oidc.client_secret, oidc.second_factors)


def _refuse(message: str, reason: str, now: datetime) -> ResponseReturnValue:
    logger.warning("Single sign-on was refused: %s", reason)
    signing_in.note_sign_on_failed(now=now)
    return _sign_in_page(message), HTTPStatus.FORBIDDEN


def _refuse_person() -> ResponseReturnValue:
    return _sign_in_page(NO_ACCOUNT), HTTPStatus.FORBIDDEN


def _sign_in_page(message: str) -> str:
    provider = find_provider()
    return render_template(
        "accounts/sign_in.html",
        form=forms.SignInForm(formdata=None),
        action=url_for("accounts.sign_in"),
        provider_name=provider.name if provider else "",
        provider_page=url_for("accounts.sign_on"),
        notice=message,
    )


def _return_address() -> str:
    return _settings().base_url + url_for("accounts.return_from_provider")


def _settings() -> Config:
    settings: Config = current_app.extensions["settings"]
    return settings
