"""Proving again who one is, without losing what was typed."""

from http import HTTPStatus

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import forms, signing_in
from mystery_shopper.accounts.access import (
    Permission,
    SignInRequiredError,
    StepUpRequiredError,
    requires,
    signed_in_user,
)
from mystery_shopper.accounts.periods import step_up_age
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.views import proving
from mystery_shopper.accounts.views.blueprint import bp
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.addresses import safe_next_path
from mystery_shopper.core.forms.kept import SEND_AGAIN, kept_fields, typed_texts
from mystery_shopper.core.limits import Limit, limited


@bp.route("/account/confirm", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@limited(Limit.SIGN_IN)
def confirm_identity() -> ResponseReturnValue:
    form, person, now = forms.ConfirmForm(), signed_in_user(), clock.utc_now()
    wanted = safe_next_path(request.args.get("next"))
    if proving.is_sent():
        if proving.who_by_passkey(person.id, action=Action.ACCOUNT_CONFIRMED, now=now) is not None:
            current_session().confirm(now)
            return _go_on(wanted)
        form.add_error(forms.WRONG_PASSKEY, "confirm_code")
    elif form.validate_on_submit():
        typed = form.confirm_code.data
        if signing_in.verify_second_factor(person.id, typed, now=now, action=Action.ACCOUNT_CONFIRMED):
            current_session().confirm(now)
            return _go_on(wanted)
        form.add_error(forms.WRONG_CODE, "confirm_code")
    return _confirm_page(form, wanted, request.form.get(SEND_AGAIN, ""))


def _go_on(wanted: str | None) -> ResponseReturnValue:
    """Go where the person wanted to go; with what they sent there, if that is what they were stopped at."""
    if wanted is not None and SEND_AGAIN in request.form:
        return redirect(wanted, HTTPStatus.TEMPORARY_REDIRECT)
    return redirect(wanted or url_for("accounts.go_home"), HTTPStatus.SEE_OTHER)


def _confirm_page(form: forms.ConfirmForm, wanted: str | None, send_again: str) -> str:
    """Return the page that asks for a code; with `send_again` it keeps what was sent."""
    return render_template(
        "accounts/confirm_identity.html",
        form=form,
        action=url_for("accounts.confirm_identity", next=wanted),
        minutes=int(step_up_age().total_seconds()) // 60,
        passkey_options=proving.options_for(signed_in_user().id, clock.utc_now()),
        send_again=send_again,
        fields=kept_fields() if send_again else [],
        texts=typed_texts() if send_again else [],
    )


@bp.app_errorhandler(SignInRequiredError)
def ask_to_sign_in(error: SignInRequiredError) -> ResponseReturnValue:
    if typed_texts():
        return _keep_text("You were signed out", "Sign in", url_for("accounts.sign_in")), HTTPStatus.UNAUTHORIZED
    form = forms.SignInForm(formdata=None)
    page = render_template("accounts/sign_in.html", form=form, action=url_for("accounts.sign_in"), notice=error.message)
    return page, HTTPStatus.UNAUTHORIZED


@bp.app_errorhandler(StepUpRequiredError)
def ask_to_confirm(error: StepUpRequiredError) -> ResponseReturnValue:
    here = _here()
    if here is not None and g.get("csrf_valid") and kept_fields():
        return _confirm_page(forms.ConfirmForm(formdata=None), here, "yes"), error.status
    if typed_texts():
        return _keep_text(error.title, "Enter your code", url_for("accounts.confirm_identity")), error.status
    can_go_back = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    wanted = request.path if can_go_back else url_for("accounts.go_home")
    return _confirm_page(forms.ConfirmForm(formdata=None), wanted, ""), error.status


def _here() -> str | None:
    """Return the address of the request, None when a browser should not be sent there again."""
    return safe_next_path(request.full_path if request.query_string else request.path)


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
