"""One's own second factors: passkeys and the authenticator app."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import factors, forms, passkeys, queries, signing_in
from mystery_shopper.accounts.access import Permission, requires, signed_in_user
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.views.blueprint import bp, check_token
from mystery_shopper.accounts.views.proving import relying_party
from mystery_shopper.accounts.views.signing_in import app_details
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.limits import Limit, limited


@bp.route("/account/passkeys/add", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, step_up=True)
@limited(Limit.SIGN_IN)
@transactional
def add_passkey() -> ResponseReturnValue:
    party, person, now = relying_party(), signed_in_user(), clock.utc_now()
    if party is None:
        return render_template("accounts/no_passkeys.html")
    form = forms.AddPasskeyForm()
    if form.validate_on_submit():
        try:
            challenge = current_session().take_challenge(now)
            if challenge is None:
                raise passkeys.PasskeyRefusedError
            new = passkeys.read_new(party, form.credential.data, challenge=challenge)
            factors.add_passkey(person.id, new, name=form.name.data, now=now)
        except DomainError as error:
            form.add_error(error)
        else:
            return _back("The passkey has been added")
    return render_template("accounts/add_passkey.html", form=form, passkey_options=_options_to_add(party))


def _options_to_add(party: passkeys.RelyingParty) -> str:
    person = signed_in_user()
    return passkeys.options_to_add(
        party,
        challenge=current_session().new_challenge(clock.utc_now()),
        user_id=person.id,
        email=person.email,
        name=person.name,
        known=[one.credential_id for one in queries.list_passkeys(person.id)],
    )


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@requires(Permission.OWN_ACCOUNT, step_up=True)
@transactional
def remove_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    check_token()
    factors.remove_passkey(signed_in_user().id, passkey_id, now=clock.utc_now())
    return _back("The passkey has been removed")


@bp.route("/account/app/add", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, step_up=True)
@limited(Limit.SIGN_IN)
@transactional
def add_app() -> ResponseReturnValue:
    person, now = signed_in_user(), clock.utc_now()
    try:
        secret, email = signing_in.begin_enrolment(person.id, is_first=False)
    except NotFoundError:
        return _back("You have an authenticator app. Remove it first if you want to set up another")
    form = forms.SetUpForm()
    if form.validate_on_submit():
        if signing_in.confirm_enrolment(person.id, form.code.data, now=now, is_first=False) is not None:
            factors.note_app_added(person.id, now=now)
            return _back("The authenticator app has been added")
        form.add_error(forms.WRONG_CODE, "code")
    return render_template("accounts/add_app.html", form=form, **app_details(secret, email))


@bp.post("/account/app/remove")
@requires(Permission.OWN_ACCOUNT, step_up=True)
@transactional
def remove_app() -> ResponseReturnValue:
    check_token()
    factors.remove_app(signed_in_user().id, now=clock.utc_now())
    return _back("The authenticator app has been removed")


def _back(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("accounts.show_account"), HTTPStatus.SEE_OTHER)
