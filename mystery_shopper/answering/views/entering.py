"""Link and code, and what keeps an officer's page open: a cookie of its own that no other page is ever sent."""

from http import HTTPStatus

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.answering import services
from mystery_shopper.answering.forms.officer import CodeForm, RemoveForm
from mystery_shopper.answering.policy import Limit as Setting
from mystery_shopper.answering.policy import limits
from mystery_shopper.answering.queries import OpenPage, find_page
from mystery_shopper.answering.views import answer_bp as bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public

PATH = "/answer"
WRONG = _("The link or the code does not work. Check both, wait a few minutes, or ask who invited you for a new link")


class PageClosedError(NotFoundError):
    """Nothing is open in this browser, or no longer."""


def current_page() -> OpenPage:
    """Return what this browser has open. A request that may write locks the case, and keeps the page open longer.

    Raises:
        PageClosedError: nothing, or no longer: never opened, too long ago, taken back, expired; all look alike.
    """
    token, now = request.cookies.get(_cookie_name(), ""), clock.utc_now()
    page = find_page(token, now, lock=not is_reading()) if token else None
    if page is None:
        raise PageClosedError
    if not is_reading():
        services.note_use(page.officer, now=now)
    return page


@bp.errorhandler(PageClosedError)
def ask_to_open(_error: PageClosedError) -> ResponseReturnValue:
    """Say how to come in; what was typed is shown, so that it can be kept."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("answer.show_closed"))
    typed = [text for name, text in request.form.items(multi=True) if name.startswith(("answer_", "text")) and text]
    return render_template("answer/show_closed.html", typed=typed), HTTPStatus.CONFLICT


@bp.route("/closed")
@public
def show_closed() -> ResponseReturnValue:
    return render_template("answer/show_closed.html", typed=[])


@bp.route("/open/<token>", methods=["GET", "POST"])
@public
@limited(Limit.ANSWER)
@transactional
def open_answer(token: str) -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        session_token = services.open_inquiry(token, form.code.data, now=clock.utc_now())
        if session_token is not None:
            return _with_cookie(session_token)
        form.add_error(WRONG, "code")
    return render_template("answer/open_answer.html", form=form)


def _with_cookie(session_token: str) -> Response:
    response = redirect(url_for("answer.show_questions"))
    response.set_cookie(_cookie_name(), session_token, path=PATH, secure=_secure(), httponly=True, samesite="Strict")
    return current_app.make_response(response)


@bp.post("/leave")
@public
@limited(Limit.PAGE)
@transactional
def leave() -> ResponseReturnValue:
    if not RemoveForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    services.leave(current_page().officer)
    flash(str(_("The page is closed. Your draft is kept")), "success")
    response = current_app.make_response(redirect(url_for("answer.show_closed")))
    response.delete_cookie(_cookie_name(), path=PATH, secure=_secure(), httponly=True, samesite="Strict")
    return response


@bp.context_processor
def time_limit() -> dict[str, int]:
    """Give the pages the time after which they close."""
    return {"open_minutes": limits()[Setting.IDLE_MINUTES]}


def _cookie_name() -> str:
    return "__Secure-answer" if _secure() else "answer"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
