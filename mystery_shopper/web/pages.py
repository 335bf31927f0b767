"""Pages that only say something: home, safety, privacy, cookies, accessibility."""

from flask import Blueprint, render_template

from mystery_shopper.accounts.access import public

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def home() -> str:
    """Say what the service does and where to start."""
    return render_template("public/home.html")


@bp.get("/safety")
@public
def safety() -> str:
    """Say how to report safely and what cannot be promised."""
    return render_template("public/safety.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept and who sees it."""
    return render_template("public/privacy.html")


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
