"""Errors to answers: a page a person can act on, or problem+json for programs. Never a detail of the inside."""

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, json, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from config import Config
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import DomainError, StaleEditError, TooManyAttemptsError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.forms.kept import kept_fields, make_room, typed_texts
from mystery_shopper.core.limits import max_body_of
from mystery_shopper.web import limits
from mystery_shopper.web.security import API_PREFIX

logger = logging.getLogger(__name__)

JSON_PATHS = (API_PREFIX, "/healthz", "/readyz", "/results.json")
OWN_PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})
SENT_AGAIN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals after which the same page, sent once more, may be taken."""
LAST_RESORT = (
    '<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
    "<p>Sorry, there is a problem with the service. {reference}</p></body></html>"
)
"""Shown when even the error page cannot be drawn (the session store is away, a template is broken)."""
PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 10


def init_app(app: Flask, settings: Config) -> None:
    """Answer every error of `app`."""
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_database_away)
    app.register_error_handler(PoolTimeoutError, show_database_away)
    app.register_error_handler(StaleDataError, show_stale)
    app.register_error_handler(Exception, show_unexpected_error)


def wants_json() -> bool:
    """Tell whether the answer is for a program, by the address alone."""
    return request.path.startswith(JSON_PATHS)


def show_domain_error(error: DomainError) -> Response:
    """Show a broken rule in its own words."""
    _roll_back()
    status = int(error.status)
    template = "problem" if status not in OWN_PAGES else str(status)
    response = _answer(status, error.title, error.message, template, texts=typed_texts())
    if isinstance(error, TooManyAttemptsError):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def show_http_error(error: HTTPException) -> Response:
    """Show what Flask, Werkzeug or a limit refused. Redirects pass."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return current_app.make_response(error.get_response())
    if isinstance(error, InternalServerError):
        return _show_late_error(error)
    _roll_back()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        make_room()
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "There is a problem"
    kept: dict[str, object] = {"texts": typed_texts(), "fields": kept_fields() if status in SENT_AGAIN else []}
    template = str(status) if status in OWN_PAGES else "problem"
    response = _answer(status, title, _safe_words(error), template, upload_address=_upload_address(), **kept)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.setdefault("Retry-After", str(limits.retry_after_seconds()))
    return response


def _show_late_error(error: InternalServerError) -> Response:
    """Show what went wrong outside the view: the session could not be read, or could not be stored after it."""
    cause = error.original_exception
    if isinstance(cause, OperationalError | PoolTimeoutError):
        return show_database_away(cause)
    return show_unexpected_error(cause if isinstance(cause, Exception) else error)


def show_unexpected_error(error: Exception) -> Response:
    """Show a reference number and nothing else; the trace goes to the log under the same number.

    A request without a valid token may not write (web/security); a view that tried nevertheless is not at fault.
    """
    _roll_back()
    if g.get("csrf_failed"):
        return _answer(400, "Bad Request", TIMED_OUT, "400", texts=typed_texts(), fields=kept_fields())
    reference = secrets.token_hex(4).upper()
    logger.error("Unexpected error %s at endpoint %s", reference, request.endpoint, exc_info=error)
    kept, texts = kept_fields(), typed_texts()
    return _answer(500, "Internal Server Error", "", "500", reference=reference, texts=texts, fields=kept)


def show_stale(_error: StaleDataError) -> Response:
    """Say that somebody else saved first, where the database and not a page's version found out."""
    return show_domain_error(StaleEditError())


def show_database_away(error: OperationalError | PoolTimeoutError) -> Response:
    """Ask to try again when the database is locked or away. What was typed stands in the page, to be sent again."""
    _roll_back()
    cause = type(getattr(error, "orig", None) or error).__name__
    logger.error("The database did not answer (%s) at endpoint %s", cause, request.endpoint)
    kept, texts = kept_fields(), typed_texts()
    response = _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Service Unavailable", "", "503", fields=kept, texts=texts)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _upload_address() -> str:
    """Return the way back to a page that takes files, so that one too large a file costs nothing else; "" elsewhere."""
    view = current_app.view_functions.get(request.endpoint or "")
    if max_body_of(view) is None or "GET" not in (request.url_rule.methods or () if request.url_rule else ()):
        return ""
    return request.full_path if request.query_string else request.path


def _safe_words(error: HTTPException) -> str:
    """Return the words of an error when they are ours: a plain sentence given to it, not Werkzeug's default."""
    own = error.description != type(error).description
    return str(error.description) if own and error.code in (400, 404) and error.description else ""


def _answer(status: int, title: str, message: str, template: str, **context: Any) -> Response:
    """Return the answer for a person or a program."""
    if wants_json():
        problem = {"type": "about:blank", "title": title, "status": status}
        problem |= {"detail": message} if message else {}
        problem |= {"instance": f"urn:reference:{context['reference']}"} if "reference" in context else {}
        return Response(json.dumps(problem), status, content_type=PROBLEM_JSON)
    try:
        page = render_template(f"errors/{template}.html", title=title, message=message, status=status, **context)
    except Exception:
        logger.exception("The error page itself failed")
        page = LAST_RESORT.format(title=title, reference=context.get("reference", ""))
    return Response(page, status, content_type="text/html; charset=utf-8")


def _roll_back() -> None:
    if "sqlalchemy" in current_app.extensions:
        db.session.rollback()
