"""Views say which limit they are under; the web counts. Nothing of ours above `core` needs to know the counter."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.core.limits import Limit, limit_of, limited
from mystery_shopper.web import limits


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


def test_the_pages_that_take_a_receipt_code_are_marked(app: Flask) -> None:
    for endpoint in ("receipt.open_receipt", "intake.return_to_draft"):
        assert limit_of(app.view_functions[endpoint]) is Limit.RECEIPT
    for endpoint in ("intake.start", "intake.check", "receipt.send_message"):
        assert limit_of(app.view_functions[endpoint]) is Limit.REPORT
