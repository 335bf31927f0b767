"""Pages that only say something: home, safety, privacy, cookies, accessibility."""

from flask import Blueprint, render_template

from mystery_shopper.accounts.access import public

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def home() -> str:
    return render_template("public/home.html")


@bp.get("/safety")
@public
def safety() -> str:
    return render_template("public/safety.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("public/privacy.html")


@bp.get("/cookies")
@public
def cookies() -> str:
    return render_template("public/cookies.html")


@bp.get("/accessibility-statement")
@public
def accessibility_statement() -> str:
    return render_template("public/accessibility_statement.html")
