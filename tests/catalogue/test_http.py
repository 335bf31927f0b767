"""Addresses, headers and cookies no browser sends: rows of the catalogue, against the whole program."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from tests.architecture.world import ANONYMOUS, World
from tests.intake.walking import Walker

PAGES = ("/", "/results", "/results.csv", "/results.json", "/guidance", "/check-a-requirement", "/nowhere")
ODD_HEADERS = (
    {"Accept-Language": "cy;q=NaN"},
    {"Accept-Language": "," * 2000},
    {"Accept": "*/*;q=1e999"},
    {"Accept-Encoding": "gzip;q=NaN, br;q=1e999"},
    {"Range": "bytes=" + "0-," * 1000 + "0-"},
    {"If-Modified-Since": "garbage"},
    {"If-None-Match": '"' * 99},
    {"If-Range": "Mon, 99 Foo 2026"},
    {"Content-Type": "multipart/form-data; boundary=" + "x" * 5000},
    {"Cache-Control": "max-age=99999999999999999999"},
)
LEADING_ASTRAY = (
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Original-URL": "/admin"},
    {"X-Rewrite-URL": "/admin"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Forwarded": "for=127.0.0.1;host=evil.example"},
)
COOKIES = (
    "; ".join(f"session={letter * 43}" for letter in "abcde"),
    "=__Host-session=evil",
    "=session=evil; session",
    "session=" + "a" * 64_000,
    'session="\\"; ;;;===',
    "language=cy%0d%0aSet-Cookie; session=\u00e9",
)


@pytest.mark.parametrize("headers", ODD_HEADERS, ids=lambda one: next(iter(one)))
def test_a_header_that_makes_no_sense_is_left_aside(client: FlaskClient, headers: dict[str, str]) -> None:
    for page in PAGES:
        plain, odd = client.get(page), client.get(page, headers=headers)
        assert odd.status_code == plain.status_code, page
        assert odd.headers["Content-Type"] == plain.headers["Content-Type"]


def test_a_header_that_names_another_page_method_or_host_leads_nowhere(client: FlaskClient) -> None:
    home = client.get("/").text
    for headers in LEADING_ASTRAY:
        answer = client.get("/", headers=headers)
        assert (answer.status_code, answer.text) == (200, home), headers
        assert "Your page timed out" in client.post("/report", headers=headers).text, "still a POST without its token"


@pytest.mark.parametrize("cookie", COOKIES, ids=range(len(COOKIES)))
def test_cookies_no_browser_was_given_are_those_of_a_stranger(client: FlaskClient, cookie: str) -> None:
    for page, status in (("/", 200), ("/account", 302), ("/receipt/case", 302), ("/cases", 302)):
        answer = client.get(page, headers={"Cookie": cookie})
        assert answer.status_code == status, page
        assert "evil" not in str(answer.headers)


def test_a_session_with_one_character_changed_opens_nothing(client: FlaskClient, app: Flask) -> None:
    walker = Walker(client)
    walker.start()
    cookie = client.get_cookie("session")
    assert cookie is not None
    for place in (0, len(cookie.value) // 2, len(cookie.value) - 1):
        other = "A" if cookie.value[place] != "A" else "B"
        changed = cookie.value[:place] + other + cookie.value[place + 1 :]
        answer = app.test_client().get("/report/scope-body", headers={"Cookie": f"session={changed}"})
        assert answer.status_code in (302, 404, 409), place
    assert walker.open("/report/scope-body").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "language=../../x",
        "language=cy%0d%0aSet-Cookie:a=b",
        "x=%0d%0aSet-Cookie:%20a=b&language=cy",
        "language=" + "a" * 100_000,
        "page=-1&per_page=1000000000",
        "q=" + "a" * 1_000_000,
        "q=" + quote("\u0130\u00df" * 5000),
        "sort=password&sort=1;drop",
    ],
    ids=range(8),
)
def test_a_query_that_asks_for_what_there_is_not_gets_the_page_as_it_is(client: FlaskClient, query: str) -> None:
    for page in ("/check-a-requirement", "/results", "/guidance"):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code in (200, 303, 400), page
        assert {line.split("=")[0] for line in answer.headers.getlist("Set-Cookie")} <= {"language", "session"}
        assert "\n" not in (answer.location or "")


def test_addresses_that_leave_the_folder_or_carry_a_session_are_not_there(app: Flask, world: World) -> None:
    reference = world.owned.reference
    paths = (
        "/cases/../../etc/passwd", "/cases/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/cases/..%5cwindows", "/cases/.",
        f"/cases/{reference}/.", f"/cases/{reference}/..", f"/cases/{reference};jsessionid=1", "/desk;jsessionid=1",
        "/results/..;/admin", "/.git/config", "/.env", "/static/../config.py",
    )  # fmt: skip
    for person in (ANONYMOUS, Role.SENIOR_CASEWORKER):
        browser = world.enter(app, person)
        for path in paths:
            answer = browser.get(path)
            asks = answer.status_code == 302 and (answer.location or "").startswith("/sign-in")
            assert answer.status_code == 404 or (asks and person == ANONYMOUS), f"{person}: {path}"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "FOO"])
def test_a_method_a_page_does_not_have_is_refused(client: FlaskClient, method: str) -> None:
    for page in ("/", "/report", "/results", "/receipt"):
        answer = client.open(page, method=method)
        assert answer.status_code == 405, page
        assert "GET" in answer.headers["Allow"]


def test_a_form_on_another_site_sends_nothing_here(client: FlaskClient) -> None:
    walker = Walker(client)
    walker.start()
    action, fields = walker.form()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = client.post(action, data={**fields, "body": "english-public-body"}, headers=headers)
        assert answer.status_code == 403
    assert "checked" not in walker.open("/report/scope-body").text
