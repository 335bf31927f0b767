"""Which language a page is answered in: the one its reader switched to, kept in a cookie; English before that.

The switch of a page without typed answers is a link. On a page with a form it is a button of that form: the answers
come along, are drawn again in the other language, and nothing is checked or saved.
"""

from functools import cache
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config import Config
from mystery_shopper.core import languages
from mystery_shopper.core.db import set_reading
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.forms import LANGUAGE_SWITCHED
from mystery_shopper.core.languages import ENGLISH, OWN_NAMES, TRANSLATIONS, WELSH
from mystery_shopper.core.permissions import mark_of

SWITCH = "language"
"""Name of the argument, the button and the cookie."""
AREAS = {
    "pages": "public",
    "intake": "intake",
    "receipt": "receipt",
    "proof": "proof",
    "suggestions": "suggestions",
    "checks": "checks",
    "guidance": "guidance",
    "results": "results",
    "answer": "answer",
    "statistics": "statistics",
}
"""The parts of the site for the public, and the folder of their templates."""
FILES = (".csv", ".json", ".atom")
"""How the addresses of files end: programs read them, so they are the same for everybody."""
WAITING = TRANSLATIONS / "waiting.txt"
EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do")


@cache
def waiting() -> frozenset[str]:
    """Return the areas whose Welsh is not complete: they are in English throughout."""
    lines = (line.partition("#")[0].strip() for line in WAITING.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


def is_spoken() -> bool:
    """Tell whether the page that was asked for is one of those that are in every language."""
    if request.path.endswith(FILES):
        return False
    area = AREAS.get(request.blueprint or "")
    mark = mark_of(current_app.view_functions.get(request.endpoint or ""))
    return area is not None and area not in waiting() and mark is not None and mark.permission is None


def choose_language() -> None:
    """Answer in the language that was chosen before. An address nobody knows is answered in it too."""
    wanted = request.cookies.get(_cookie_name(), ENGLISH)
    languages.speak(wanted if is_spoken() or request.endpoint is None else ENGLISH)


def switch_language() -> ResponseReturnValue | None:
    """Take the other language when the switch was used: go to the page again, or draw its form again.

    What comes with the button of a form may only be read: whoever changes the language saves nothing.
    """
    source = request.form if request.method == "POST" else request.args
    wanted = source.get(SWITCH, "")
    if wanted not in OWN_NAMES or not is_spoken():
        return None
    languages.speak(wanted)
    g.language_chosen = wanted
    if request.method == "POST":
        g.setdefault(LANGUAGE_SWITCHED, True)
        set_reading(True)
        return None
    return redirect(_address(), 303)


def keep_language(response: Response) -> Response:
    """Remember what was chosen, until the browser is closed; the next request of the thread begins anew."""
    chosen = g.get("language_chosen")
    if chosen:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(_cookie_name(), chosen, secure=secure, httponly=True, samesite="Lax", path="/")
    if is_spoken():
        response.vary.add("Cookie")
    return response


def forget_language(response: Response) -> None:
    """Take the choice out of the browser, with everything else that says somebody was here."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(_cookie_name(), secure=secure, httponly=True, samesite="Lax", path="/")


def _fall_silent(_error: BaseException | None) -> None:
    languages.speak(ENGLISH)


def _cookie_name() -> str:
    return f"__Host-{SWITCH}" if current_app.config["SESSION_COOKIE_SECURE"] else SWITCH


def _address(**more: str) -> str:
    """Return the address of this page, with more arguments."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != SWITCH]
    query = urlencode([*pairs, *more.items()])
    return f"{request.path}?{query}" if query else request.path


def other_language() -> dict[str, str] | None:
    """Return the other language: `code`, `name`, and `href` where the page can be asked for again. None elsewhere."""
    if not is_spoken():
        return None
    other = ENGLISH if languages.current() == WELSH else WELSH
    can_get = "GET" in (request.url_rule.methods or () if request.url_rule else ())
    return {"code": other, "name": OWN_NAMES[other], "href": _address(language=other) if can_get else ""}


def in_language(language: str) -> Markup:
    """Return the attribute that marks a part of a page which is not in the language of the page; else nothing."""
    return Markup("") if language == languages.current() else Markup(' lang="{}"').format(language)


def init_app(app: Flask, settings: Config) -> None:
    """Answer in the reader's language. The words are read at start: a file that cannot be read stops it.

    Raises:
        ConfigurationError: a file of translations that cannot be read.
    """
    try:
        languages.words_in(WELSH)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    app.before_request_funcs.setdefault(None, []).insert(0, choose_language)
    app.before_request(switch_language)
    app.after_request(keep_language)
    app.teardown_request(_fall_silent)
    environment = app.jinja_env
    for extension in EXTENSIONS:
        environment.add_extension(extension)
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        languages.translate, languages.translate_plural, newstyle=True
    )
    environment.filters["translated"] = languages.translate
    environment.globals.update(language=languages.current, other_language=other_language, in_language=in_language)
