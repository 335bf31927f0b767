"""Every error is a page a person can act on, or problem+json, and tells nothing of the inside."""

import logging
import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import MakeApp


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 418, 429, 500, 503])
def test_each_status_has_a_page_with_one_heading_that_is_its_title(web: FlaskClient, code: int) -> None:
    response = web.get(f"/status/{code}")
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", response.text)
    assert response.status_code == code
    assert len(headings) == 1
    assert f"<title>{headings[0]} - Mystery Shopper</title>" in response.text


def test_an_unexpected_error_shows_a_reference_and_logs_the_trace(
    web: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        page = web.get("/boom")
    match = re.search(r"<strong>([0-9A-F]{8})</strong>", page.text)
    assert page.status_code == 500
    assert match is not None
    assert match[1] in caplog.text
    assert "secret detail" in caplog.text
    assert "secret detail" not in page.text
    assert "ZeroDivisionError" not in page.text


def test_a_broken_rule_is_told_in_its_own_words(web: FlaskClient) -> None:
    page = web.get("/stale")
    assert page.status_code == 409
    assert "This case has moved on" in page.text
    assert "Somebody else changed this while you were working on it." in page.text


def test_too_many_attempts_say_when_to_try_again(web: FlaskClient) -> None:
    page = web.get("/tired")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "90"
    assert "Wait before you try again" in page.text


def test_programs_get_problem_json(web: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    missing = web.get("/api/v1/nowhere")
    assert missing.content_type == "application/problem+json"
    assert missing.get_json() == {"type": "about:blank", "title": "Not Found", "status": 404}
    broken = web.get("/api/v1/boom").get_json()
    assert broken["status"] == 500
    assert re.fullmatch(r"urn:reference:[0-9A-F]{8}", broken["instance"])
    assert "secret" not in str(broken)


def test_a_refused_method_names_the_ones_there_are(web: FlaskClient) -> None:
    response = web.delete("/name")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_when_the_error_page_fails_too_there_is_still_an_answer(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    del app.jinja_env.globals["public_navigation"]
    response = app.test_client().get("/boom")
    assert response.status_code == 500
    assert "there is a problem with the service" in response.text
    assert "The error page itself failed" in caplog.text


def test_an_address_cannot_put_markup_into_an_error_page(web: FlaskClient) -> None:
    assert "<img src=x" not in web.get("/<img src=x onerror=alert(1)>").text
