"""What every answer carries and every request must pass: headers, hosts, bodies, cross-site checks, addresses."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.exceptions import BadRequest, LengthRequired, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from config import Config
from mystery_shopper.core.db import set_reading
from mystery_shopper.core.forms import CSRF_REPORTED, TIMED_OUT
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import max_body_of
from mystery_shopper.core.text import is_storable
from mystery_shopper.web.uploads import MULTIPART, UploadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API_PREFIX = "/api/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
FORM_FIELDS_MAX = 200
YEAR_SECONDS = 31_536_000

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = f"max-age={YEAR_SECONDS}; includeSubDomains"
NO_STORE = "no-store"
READ_PAST_FACTOR = 2
READ_PAST_SECONDS = 20
READ_PAST_PIECE = 64 * 1024
CUT_SHORT = _("What you sent did not arrive whole. Go back and send it again")


def security_headers(https: bool) -> dict[str, str]:
    """Return the headers every answer carries, files and errors included."""
    return HEADERS | ({"Strict-Transport-Security": HSTS} if https else {})


class BodyGuard:
    """WSGI middleware: a body must say how long it is, and be that long.

    gunicorn declares that it ends the stream itself, and Werkzeug then takes a cut body for a whole one. Without
    that declaration Werkzeug counts, and a body shorter than its Content-Length is refused with 400.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Pass the request on, counted."""
        environ.pop("wsgi.input_terminated", None)
        return self.app(environ, start_response)


def init_app(app: Flask, settings: Config) -> None:
    """Guard every request of `app` and put the headers on every answer."""
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.config["MAX_FORM_PARTS"] = FORM_FIELDS_MAX
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=settings.https)
    headers = security_headers(settings.https)
    app.request_class = UploadRequest
    app.before_request(check_method)
    app.before_request(check_address)
    app.before_request(check_origin)
    app.before_request(read_body)
    app.before_request(check_token)
    app.after_request(refuse_unreported)

    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NO_STORE)
        response.headers.pop("Server", None)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, add_headers)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.wsgi_app = BodyGuard(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def check_method() -> None:
    """Refuse methods no page has (TRACE, CONNECT and invented ones)."""
    if request.method not in METHODS:
        raise MethodNotAllowed(valid_methods=sorted(SAFE_METHODS))


def check_address() -> None:
    """Find nothing at an address that holds a character no database takes (PostgreSQL answers NUL with an error)."""
    if not is_storable(request.path):
        raise NotFound


def check_origin() -> None:
    """Refuse what another site makes a browser send. A browser says so; other clients need the token all the same."""
    if request.method in SAFE_METHODS or is_api():
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != "null" and urlsplit(origin).netloc != request.host
    if site not in ("same-origin", "none") or foreign:
        abort(403)


def read_body() -> None:
    """Read the body whole before any view runs.

    Raises:
        LengthRequired: the body comes without a length.
        BadRequest: it is shorter than its length says (the client went away), or has too many fields.
        RequestEntityTooLarge: it is longer than the view takes.
    """
    limit = max_body_of(current_app.view_functions.get(request.endpoint or ""))
    if limit is not None:
        request.max_content_length = limit
        _read_past(limit)
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired
    if request.method in SAFE_METHODS:
        return
    if request.mimetype == MULTIPART:
        try:
            request.form  # noqa: B018 - parsing is what is wanted
        except ValueError as error:
            raise BadRequest(CUT_SHORT) from error
        return
    body = request.get_data(cache=True)
    if request.mimetype == "application/x-www-form-urlencoded" and body.count(b"&") >= FORM_FIELDS_MAX:
        raise BadRequest("Too many fields")


def _read_past(limit: int) -> None:
    """Refuse an upload that is too large, after reading it to its end when that is near.

    A browser that is still sending when the connection closes shows an error of its own, and not our page.

    Raises:
        RequestEntityTooLarge: its length says that it is larger than the view takes.
    """
    length = request.content_length or 0
    if length <= limit:
        return
    left, until = (length if length <= limit * READ_PAST_FACTOR else 0), time.monotonic() + READ_PAST_SECONDS
    while left > 0 and time.monotonic() < until:
        piece = request.environ["wsgi.input"].read(min(left, READ_PAST_PIECE))
        if not piece:
            break
        left -= len(piece)
    raise RequestEntityTooLarge


def check_token() -> None:
    """Let no request without a valid token write.

    A form shows the person that the page timed out, with all answers kept. Until it has, the unit of work may only
    read; an answer of a view that did not look at a form is replaced (`refuse_unreported`).
    """
    if request.method in SAFE_METHODS or is_api() or not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        g.csrf_failed = True
        set_reading(True)
    else:
        g.csrf_valid = True


def refuse_unreported(response: Response) -> Response:
    """Replace the answer of a view that took a request without a valid token for a good one."""
    if g.get("csrf_failed") and not g.get(CSRF_REPORTED) and response.status_code < 400:
        return current_app.make_response(current_app.handle_http_exception(BadRequest(TIMED_OUT)))
    return response


def is_api() -> bool:
    """Tell whether the request is for the interface for programs, which takes tokens and no cookies."""
    return request.path.startswith(API_PREFIX)
