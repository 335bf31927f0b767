"""Pages that only say something: home, safety, privacy, cookies, accessibility."""

from flask import Blueprint, Response, current_app, redirect, render_template

from mystery_shopper.accounts.access import public
from mystery_shopper.retention.policy import schedule
from mystery_shopper.web.languages import forget_language

bp = Blueprint("pages", __name__)

EXIT_ADDRESS = "https://www.bbc.co.uk/weather"
"""Where "Exit this page" leads: a page nobody is surprised to see."""
LEAVE_NOTHING = '"cache", "cookies", "storage"'


@bp.get("/")
@public
def home() -> str:
    """Say what the service does and where to start."""
    return render_template("public/home.html")


@bp.get("/leave")
@public
def leave() -> Response:
    """Lead away at once; the browser forgets this site, so that the back button shows nothing that was typed.

    The cookie goes as well where a browser does not know the header, or takes it only over https. Nothing is written.
    """
    response = current_app.make_response(redirect(EXIT_ADDRESS, 303))
    response.headers["Clear-Site-Data"] = LEAVE_NOTHING
    name = current_app.session_interface.get_cookie_name(current_app)
    secure = current_app.session_interface.get_cookie_secure(current_app)
    response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    forget_language(response)
    return response


@bp.get("/safety")
@public
def safety() -> str:
    """Say how to report safely and what cannot be promised."""
    return render_template("public/safety.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept and who sees it."""
    return render_template("public/privacy.html", kept=schedule().classes)


@bp.get("/cookies")
@public
def cookies() -> str:
    """Say which cookies there are."""
    return render_template("public/cookies.html")


@bp.get("/accessibility-statement")
@public
def accessibility_statement() -> str:
    """Say how accessible the service is."""
    return render_template("public/accessibility_statement.html")
