"""A small application with the parts of `mystery_shopper.web` only: no database, no features."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort, flash, redirect, render_template_string
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from config import ROOT, Config, load_config
from mystery_shopper.core.crypto import create_key_file, install_keyring, keyring, load_keyring
from mystery_shopper.core.errors import StaleEditError, TooManyAttemptsError
from mystery_shopper.core.forms import GovForm, SubmitField, TextAreaField, TextField
from mystery_shopper.core.limits import max_body
from mystery_shopper.web import assets, errors, filters, languages, limits, navigation, pages, security

PAGE = """{% extends "layouts/public.html" %}{% set page_title = "Name" %}{% set page_section = "About you" %}
{% block content %}<h1>Name</h1><form method="post" novalidate>{{ form.hidden_tag() }}{{ form.name() }}
{{ form.story() }}{{ form.send() }}</form>{% endblock %}"""
SMALL = 2000

MakeApp = Callable[..., Flask]


class NameForm(GovForm):
    """One question."""

    name = TextField("Name", required="Enter your name")
    story = TextAreaField("Story")
    send = SubmitField("Send")


def _routes(app: Flask, done: list[str]) -> None:
    @app.route("/name", methods=["GET", "POST"])
    def name() -> ResponseReturnValue:
        form = NameForm()
        if form.validate_on_submit():
            done.append(str(form.name.data))
            flash("Saved", "success")
            return redirect("/name")
        return render_template_string(PAGE, form=form)

    @app.post("/careless")
    def careless() -> str:
        return "done without looking at a form"

    @app.post("/upload")
    @max_body(SMALL)
    def upload() -> str:
        return "taken"


def _failing_routes(app: Flask) -> None:
    @app.get("/boom")
    @app.get("/api/v1/boom")
    def boom() -> str:
        raise ZeroDivisionError("secret detail")

    @app.get("/stale")
    def stale() -> str:
        raise StaleEditError

    @app.get("/tired")
    def tired() -> str:
        raise TooManyAttemptsError("Wait before you try again", retry_after_seconds=90)

    @app.get("/status/<int:code>")
    def status(code: int) -> str:
        abort(code)

    @app.route("/api/v1/thing", methods=["GET", "POST"])
    def thing() -> ResponseReturnValue:
        return {"ok": True}

    @app.route("/limited", methods=["GET", "POST"])
    @limits.receipt
    def limited() -> str:
        return "tried"


@pytest.fixture
def web_settings(tmp_path: Path) -> Config:
    """Settings of an installation on this machine."""
    return replace(load_config({"INSTANCE_DIR": str(tmp_path)}), demo=True, static_dir=tmp_path / "static")


@pytest.fixture
def done() -> list[str]:
    """What the pages of the small application did."""
    return []


@pytest.fixture
def make_app(web_settings: Config, tmp_path: Path, done: list[str]) -> Iterator[MakeApp]:
    """Make the small application; keyword arguments change settings."""
    try:
        before = keyring()
    except Exception:
        before = None
    create_key_file(tmp_path / "keys.json")
    install_keyring(load_keyring(tmp_path / "keys.json"))

    def make(**changes: object) -> Flask:
        settings = replace(web_settings, **changes)  # type: ignore[arg-type]
        app = Flask("small", root_path=str(ROOT), template_folder="templates", static_folder=None)
        app.secret_key = "not a secret"
        for part in (security, languages, errors, filters, limits, navigation, assets):
            part.init_app(app, settings)
        LoginManager(app).user_loader(lambda _id: None)
        app.register_blueprint(pages.bp)
        _routes(app, done)
        _failing_routes(app)
        return app

    yield make
    if before is not None:
        install_keyring(before)


@pytest.fixture
def web(make_app: MakeApp) -> FlaskClient:
    """A browser in front of the small application."""
    return make_app().test_client()
