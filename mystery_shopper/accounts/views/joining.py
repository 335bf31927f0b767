"""Coming in by a link that works once: an invitation, or a lost password or second factor."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts import forms, links, services
from mystery_shopper.accounts.access import public
from mystery_shopper.accounts.password_rules import PasswordNotAllowedError
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.accounts.views.blueprint import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.limits import Limit, limited

LINK = "account_link"


@bp.get("/sign-in/link/<token>")
@public
@limited(Limit.SEARCH)
def open_link(token: str) -> ResponseReturnValue:
    """Take the token out of the address, so that it stays in no history; a link is used up by a button, not by this."""
    if links.find_link(token, clock.utc_now()) is None:
        return _link_over()
    current_session()[LINK] = token
    return redirect(url_for("accounts.choose_password"))


@bp.route("/sign-in/link", methods=["GET", "POST"])
@public
@limited(Limit.SIGN_IN)
@transactional
def choose_password() -> ResponseReturnValue:
    token, now = str(current_session().get(LINK, "")), clock.utc_now()
    found = links.find_link(token, now)
    if found is None:
        return _link_over() if token else redirect(url_for("accounts.sign_in"))
    link, user = found
    form = forms.ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            services.use_link(token, form.password.data, now=now)
        except PasswordNotAllowedError as error:
            form.add_error(error)
        else:
            current_session().begin_second_step(user.id, next_path="", now=now)
            step = "enter_code" if user.has_second_factor else "set_up_second_factor"
            return redirect(url_for(f"accounts.{step}"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/choose_password.html", form=form, user=user, purpose=link.purpose.value)


def _link_over() -> ResponseReturnValue:
    return render_template("accounts/link_over.html"), HTTPStatus.GONE
