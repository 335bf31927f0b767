"""Views say which limit they are under; the web counts. Nothing of ours above `core` needs to know the counter."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.core.limits import Limit, limit_of, limited
from mystery_shopper.core.permissions import mark_of
from mystery_shopper.web import limits

WITHOUT_A_LIMIT = {"accounts.sign_out", "receipt.leave"}
"""They only end something."""


@limited(Limit.RECEIPT)
def marked() -> str:
    return "taken"


def unmarked() -> str:
    return "taken"


@pytest.fixture
def browser() -> Iterator[FlaskClient]:
    """A small application with one view of each kind, counted in memory."""
    app = Flask(__name__)
    app.add_url_rule("/marked", view_func=marked, methods=["GET", "POST"])
    app.add_url_rule("/unmarked", view_func=unmarked, methods=["POST"])
    app.config["RATELIMIT_ENABLED"] = True
    was_enabled = limits.limiter.enabled
    limits.init_app(app, SimpleNamespace(rate_limit_storage="memory://", testing=False))  # type: ignore[arg-type]
    with app.app_context():
        limits.limiter.reset()
    yield app.test_client()
    limits.limiter.enabled = was_enabled


def test_the_eleventh_try_of_a_code_in_a_minute_is_refused(browser: FlaskClient) -> None:
    assert [browser.post("/marked").status_code for _ in range(11)] == [200] * 10 + [429]


def test_looking_at_the_page_is_not_counted(browser: FlaskClient) -> None:
    assert {browser.get("/marked").status_code for _ in range(30)} == {200}


def test_a_view_without_a_mark_is_not_counted(browser: FlaskClient) -> None:
    assert {browser.post("/unmarked").status_code for _ in range(30)} == {200}


MARKED = {
    Limit.RECEIPT: ("receipt.open_receipt", "intake.return_to_draft", "suggestions.open_receipt"),
    Limit.REPORT: (
        "intake.start",
        "intake.check",
        "receipt.send_message",
        "suggestions.check",
        "suggestions.take_over",
    ),
    Limit.API: ("readiness.readyz",),
    Limit.PAGE: ("intake.show_page", "intake.choose_authority", "suggestions.show_step"),
    Limit.SIGN_IN: ("accounts.sign_in", "accounts.enter_code", "accounts.confirm_identity", "accounts.change_password"),
    Limit.SEARCH: ("results.list_results", "results.download_csv", "results.download_json", "results.show_feed"),
}


@pytest.mark.parametrize("limit", MARKED)
def test_pages_that_try_codes_or_cost_work_are_marked(app: Flask, limit: Limit) -> None:
    assert {limit_of(app.view_functions[endpoint]) for endpoint in MARKED[limit]} == {limit}


def test_every_public_page_that_takes_a_form_is_limited(app: Flask) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    public = {name for name in taking if (mark := mark_of(app.view_functions[name])) and mark.permission is None}
    assert {name for name in public if limit_of(app.view_functions[name]) is None} == WITHOUT_A_LIMIT
