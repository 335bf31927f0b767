"""The layer in Chromium: accessible at both widths, whole without scripts, and the small comforts of scripts."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from config import ROOT
from mystery_shopper.core.forms import (
    YES_NO,
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    DateField,
    FileField,
    GovForm,
    MoneyField,
    Option,
    PasswordField,
    RadiosField,
    SelectField,
    SubmitField,
    TextField,
)
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.web.conftest import MakeApp

pytestmark = pytest.mark.browser

PAGE = """{% extends "layouts/public.html" %}{% set page_title = "All fields" %}{% set exit_page = true %}
{% set back_link = "/" %}{% block content %}<h1 class="govuk-heading-l">All fields</h1><form method="post" novalidate>
{{ form.hidden_tag() }}{{ form.name() }}{{ form.story() }}{{ form.seen() }}{{ form.bond() }}{{ form.kind() }}
{{ form.many() }}{{ form.authority() }}{{ form.saved() }}{{ form.files() }}{{ form.secret() }}{{ form.send() }}</form>
{% endblock %}"""
PATHS = ("/", "/safety", "/privacy", "/cookies", "/accessibility-statement", "/all", "/status/404")


class AllForm(GovForm):
    """A field of each kind."""

    name = TextField("Name", required="Enter your name", autocomplete="name", hint="As on letters")
    story = CharacterCountField("What happened?", max_length=500)
    seen = DateField("When did you see it?", required="Enter the date you saw it")
    bond = MoneyField("How much is the bond?", error_name="The bond")
    kind = RadiosField(
        "What is it about?", choices=[Option("bond", "Bond", "Money held back"), Option("other", "Something else")],
        required="Select what it is about", reveals={"other": "other"},
    )  # fmt: skip
    other = TextField("What else?")
    many = CheckboxesField("Which apply?", choices=YES_NO)
    authority = SelectField("Authority", choices=[Option("1", "A council"), Option("2", "A trust")], empty="Choose one",
                            autocomplete=True)  # fmt: skip
    saved = ConfirmField("I have saved my code", required="Confirm that you have saved your code")
    files = FileField("Files")
    secret = PasswordField("Password")
    send = SubmitField("Send")


@pytest.fixture
def address(make_app: MakeApp) -> Iterator[str]:
    """The small application behind a server of this process, with the compiled styles."""
    static = ROOT / "mystery_shopper/web/static"
    assert (static / "manifest.json").is_file(), "run make install"
    app: Flask = make_app(static_dir=static)

    @app.route("/all", methods=["GET", "POST"])
    def all_fields() -> ResponseReturnValue:
        form = AllForm()
        return "done" if form.validate_on_submit() else render_template_string(PAGE, form=form)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def send_empty(page: Page) -> None:
    page.get_by_role("button", name="Send").click()
    page.get_by_text("There is a problem").wait_for()


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_and_errors_are_accessible_and_reflow(chromium: Browser, address: str, width: tuple[int, int]) -> None:
    with open_page(chromium, address, viewport=width) as page:
        for path in PATHS:
            page.goto(path)
            assert_accessible(page)
            assert_reflows(page)
        page.goto("/all")
        send_empty(page)
        assert page.title() == "Error: All fields - Mystery Shopper"
        assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
        assert_accessible(page)
        assert_reflows(page)


def test_error_links_lead_to_the_field(chromium: Browser, address: str) -> None:
    with open_page(chromium, address) as page:
        page.goto("/all")
        send_empty(page)
        for message, field in (("Enter the date you saw it", "seen-day"), ("Select what it is about", "kind")):
            page.get_by_role("link", name=message).click()
            assert page.evaluate("document.activeElement.id") == field


def test_a_choice_reveals_its_question(chromium: Browser, address: str) -> None:
    with open_page(chromium, address) as page:
        page.goto("/all")
        assert not page.get_by_label("What else?").is_visible()
        page.get_by_label("Something else").check()
        assert page.get_by_label("What else?").is_visible()
        assert_accessible(page)


def test_a_list_becomes_suggestions_and_still_sends_its_value(chromium: Browser, address: str) -> None:
    with open_page(chromium, address) as page:
        page.goto("/all")
        page.locator("input[role=combobox]").fill("tru")  # the list has the role too, until scripts are there
        page.get_by_role("option", name="A trust").click()
        send_empty(page)
        assert page.evaluate("document.querySelector('select').value") == "2"


def test_everything_is_there_without_scripts(chromium: Browser, address: str) -> None:
    with open_page(chromium, address, java_script_enabled=False) as page:
        page.goto("/all")
        assert page.get_by_label("What else?").is_visible()
        page.get_by_label("Name").fill("Ann")
        send_empty(page)
        assert page.get_by_label("Name").input_value() == "Ann"
        assert page.get_by_role("link", name="Exit this page").first.is_visible()
