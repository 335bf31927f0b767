"""The language of a page: chosen by its reader, kept in a cookie, changed without losing what was typed."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mystery_shopper.web import languages
from tests.intake.walking import Walker

CHECK = "/check-a-requirement"
BOND = "Bidders must lodge a performance bond of £600,000."
WELSH_PAGE = '<html lang="cy"'
NOTE = "Mae’r cyfieithiad hwn yn aros am gyfieithydd proffesiynol."


@pytest.fixture
def all_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every area in Welsh, as far as its words go."""
    monkeypatch.setattr(languages, "waiting", frozenset)


def switch(page: str) -> str:
    """Return the markup of the way to the other language; empty when the page offers none."""
    found = re.search(r'<nav class="ms-language.*?</nav>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_link_changes_the_language_of_this_page_and_of_those_that_follow(
    client: FlaskClient, all_areas: None
) -> None:
    page = client.get("/accessibility-statement?from=footer").text
    assert 'href="/accessibility-statement?from=footer&amp;language=cy" hreflang="cy" lang="cy"' in switch(page)
    assert '<html lang="en"' in page
    assert NOTE not in page

    answer = client.get("/accessibility-statement?from=footer&language=cy")
    assert (answer.status_code, answer.location) == (303, "/accessibility-statement?from=footer")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("language=cy;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie

    page = client.get("/accessibility-statement").text
    assert WELSH_PAGE in page
    assert page.count(NOTE) == 1
    assert "Neidio i’r prif gynnwys" in page
    assert 'hreflang="en" lang="en"' in switch(page)
    assert "language=cy" not in client.get("/accessibility-statement?language=en").headers["Set-Cookie"]
    assert '<html lang="en"' in client.get("/accessibility-statement").text


def test_what_a_browser_asks_for_and_an_unknown_language_change_nothing(client: FlaskClient) -> None:
    page = client.get(CHECK, headers={"Accept-Language": "cy"})
    assert '<html lang="en"' in page.text
    assert "Cookie" in page.headers["Vary"]
    assert client.get(f"{CHECK}?language=fr").status_code == 200
    client.set_cookie("language", "tlh")
    assert '<html lang="en"' in client.get(CHECK).text


def test_the_switch_of_a_form_keeps_what_was_typed_and_checks_nothing(client: FlaskClient, all_areas: None) -> None:
    walker = Walker(client)
    walker.start()
    walker.pass_scope()
    assert 'form="page-form" name="language" value="cy" lang="cy" formnovalidate' in switch(walker.text)
    walker.send({"reporter_kind": "mutual"})
    walker.send({"identity_choice": "confidential"})
    assert walker.path == "/report/contact"

    walker.send({"email": "not an address", "name": "Joan", "language": "cy"})
    assert walker.path == "/report/contact"
    assert WELSH_PAGE in walker.text
    assert 'value="not an address"' in walker.text
    assert 'value="Joan"' in walker.text
    assert "govuk-error" not in walker.text

    walker.send({})
    assert "Mae problem" in walker.text
    assert walker.title.startswith("Gwall: ")
    assert 'value="not an address"' in walker.text
    client.get("/report/contact?language=en")
    assert "not an address" not in client.get("/report/contact").text, "nothing of it was saved"


def test_a_page_that_saves_nothing_is_answered_anew_in_the_other_language(client: FlaskClient) -> None:
    walker = Walker(client)
    walker.open(CHECK)
    walker.send({"requirement": BOND, "estimated_value_gbp": "lots", "language": "cy"})
    assert BOND in walker.text
    assert 'value="lots"' in walker.text
    assert "govuk-error" not in walker.text
    walker.open(f"{CHECK}?language=en")
    walker.send({"requirement": BOND, "contract_kind": "services", "estimated_value_gbp": "1,200,000"})
    assert "Wording you can use instead" in walker.text

    walker.send({"language": "cy"})
    assert WELSH_PAGE in walker.text
    assert 'data-rule="FIN-BOND"' in walker.text
    assert "Geiriad y gallwch ei ddefnyddio" in walker.text
    assert BOND in walker.text
    assert 'lang="en"' not in walker.text.replace(switch(walker.text), "")


def test_an_error_speaks_the_language_of_the_page(client: FlaskClient) -> None:
    client.set_cookie("language", "cy")
    walker = Walker(client)
    walker.open(CHECK)
    walker.send({"requirement": "", "estimated_value_gbp": "lots"})
    assert "Mae problem" in walker.text
    assert "Nodwch yr hyn rydych yn bwriadu gofyn i gyflenwyr amdano" in walker.text
    missing = client.get("/nowhere").text
    assert WELSH_PAGE in missing
    assert "Ni chafwyd hyd i’r dudalen" in missing


def test_an_area_that_waits_and_the_pages_of_staff_stay_english(
    signed_in: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "waiting", lambda: frozenset({"guidance"}))
    client = signed_in()
    client.set_cookie("language", "cy")
    for path in ("/desk", "/guidance"):
        page = client.get(path).text
        assert '<html lang="en"' in page
        assert not switch(page)
    assert '<html lang="en"' in client.get("/desk?language=cy").text


def test_who_leaves_takes_the_language_along(client: FlaskClient) -> None:
    client.set_cookie("language", "cy")
    cookies = client.get("/leave").headers.getlist("Set-Cookie")
    assert any(cookie.startswith("language=;") for cookie in cookies)


def test_the_switch_cannot_write(client: FlaskClient, all_areas: None) -> None:
    walker = Walker(client)
    walker.start()
    walker.send({"body": "english-public-body", "language": "cy"})
    assert walker.path == "/report/scope-body"
    walker.open("/report/tasks")
    assert "Heb ddechrau eto" in walker.text or "Not yet started" in walker.text
