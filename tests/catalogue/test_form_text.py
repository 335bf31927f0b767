"""What is typed into forms, as it comes over HTTP: rows of the catalogue that no test of one feature holds."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Case, Message
from mystery_shopper.core.db import db
from tests.architecture.world import ANONYMOUS, World
from tests.casework.pages import Desk
from tests.factories.reports import Filed
from tests.factories.staff import token_in
from tests.intake.walking import Walker

FORM = "application/x-www-form-urlencoded"
WORDS = "They asked for <b>a bond</b> & more"


@pytest.fixture
def desk(file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]) -> Desk:
    """A senior caseworker's browser, and a case nobody owns."""
    return Desk(signed_in(Role.SENIOR_CASEWORKER), file_report().case_reference)


def row_of(app: Flask, reference: str) -> dict[str, object]:
    """Return everything the row of a case holds."""
    with app.app_context():
        case = db.session.query(Case).filter_by(reference=reference).one()
        found = {column.name: getattr(case, column.key) for column in Case.__table__.columns}
        db.session.remove()
    return found


def send_raw(client: FlaskClient, address: str, fields: dict[str, object], name: str, raw: bytes) -> TestResponse:
    """Send a form in which one field is as many bytes as they are."""
    rest = urlencode({key: value for key, value in fields.items() if key != name}, doseq=True).encode()
    return client.post(address, data=rest + f"&{name}=".encode() + raw, content_type=FORM)


def test_bytes_that_are_no_text_are_refused_at_their_field_and_the_rest_is_kept(
    client: FlaskClient, desk: Desk
) -> None:
    walker = Walker(client)
    walker.go_to_barriers("confidential")
    walker.open("/report/contact")
    action, fields = walker.form()
    kept = {**fields, "name": ["Joan Quillfeather"]}
    carried = dict(desk.carried(desk.url("note")))
    for raw in (b"%ff%fe", b"Bond%ff", b"\xff\xfe", b"%c3", b"%ed%a0%80", b"a%00b"):
        answer = send_raw(client, action, kept, "organisation", raw)
        assert answer.status_code == 400, raw
        assert re.search(r'id="organisation-error".*?Use plain text', answer.text, re.DOTALL), raw
        assert "Joan Quillfeather" in answer.text
        answer = send_raw(desk.client, desk.url("note"), carried, "body", raw)
        assert answer.status_code == 400, raw
        assert "Use plain text" in answer.text, raw
    walker.open("/report/contact")
    assert "Joan Quillfeather" not in walker.text, "nothing of it was saved"


ODD = ("zebra' OR '1'='1'--", '"; DROP TABLE cases;--', "%", "_", "\\", "%%%", "*", "' = '")


def test_what_a_query_language_would_run_is_looked_for_as_it_stands(app: Flask, world: World) -> None:
    lists = {
        ANONYMOUS: ("/results?q=", "/results?authority=", "/tell-us-how/you-said-we-did?q="),
        Role.SENIOR_CASEWORKER: ("/cases?state=all&q=",),
    }
    for person, addresses in lists.items():
        browser = world.enter(app, person)
        for address in addresses:
            nothing = browser.get(address + "zeppelinzebra")
            assert links_in(browser.get(address)) != links_in(nothing), f"{address} shows something at all"
            for odd in ODD:
                found = browser.get(address + quote(odd))
                assert found.status_code == nothing.status_code == 200, address
                assert links_in(found) == links_in(nothing), f"{address}{odd}"


def links_in(page: TestResponse) -> list[str]:
    """Return where the main part of a page leads to, without what the address asked for."""
    return [link for link in re.findall(r'href="([^"]+)"', page.text.split("<main", 1)[-1]) if "?" not in link]


def test_a_filter_or_a_step_sent_twice_is_the_first_of_them_everywhere(app: Flask, desk: Desk) -> None:
    for query, is_there in (("state=received&state=closed", True), ("state=closed&state=received", False)):
        page, file = desk.client.get(f"/cases?{query}"), desk.client.get(f"/cases.csv?{query}")
        assert (desk.reference in page.text, desk.reference in file.text) == (is_there, is_there), query
    fields = MultiDict([*desk.carried(desk.url("move")).items(), ("reason", WORDS)])
    fields.setlist("new", ["acknowledged", "withdrawn"])
    assert desk.client.post(desk.url("move"), data=fields).status_code == 302
    assert row_of(app, desk.reference)["state"] == "acknowledged"


def test_fields_no_form_of_staff_asks_for_change_no_row(app: Flask, desk: Desk) -> None:
    before = row_of(app, desk.reference)
    extra = {"is_admin": "1", "owner_id": "1", "state": "closed", "receipt_mac": "00", "queue": "none", "id": "1"}
    answer = desk.send("note", {"body": WORDS, **extra})
    assert answer.status_code == 302
    after = row_of(app, desk.reference)
    assert {name for name, value in after.items() if value != before[name]} <= {"version", "updated_at"}


@pytest.mark.parametrize("version", [None, "", "0", "-1", "999", "abc", "9" * 30])
def test_a_step_with_a_version_nobody_was_given_is_a_clash_with_its_words_kept(
    app: Flask, desk: Desk, version: str | None
) -> None:
    before = row_of(app, desk.reference)
    fields = {name: value for name, value in desk.carried(desk.url("move")).items() if name != "version"}
    given = {} if version is None else {"version": version}
    answer = desk.client.post(desk.url("move"), data={**fields, **given, "new": "acknowledged", "reason": WORDS})
    assert answer.status_code == 409
    assert "They asked for &lt;b&gt;a bond&lt;/b&gt; &amp; more" in answer.text
    assert row_of(app, desk.reference) == before


def test_the_token_of_somebody_else_is_none(
    app: Flask, client: FlaskClient, desk: Desk, signed_in: Callable[..., FlaskClient]
) -> None:
    other = signed_in(Role.CASEWORKER)
    tokens = [token_in(other.get("/account").text), token_in(client.get("/report").text)]
    for token in tokens:
        answer = desk.send("note", {"body": WORDS, "csrf_token": token})
        assert answer.status_code in (200, 400)
        assert "They asked for &lt;b&gt;a bond&lt;/b&gt; &amp; more" in answer.text
    with app.app_context():
        assert db.session.query(Message).count() == 0
        db.session.remove()
    assert "a bond&lt;/b&gt;" not in desk.see("timeline")
    answer = client.post("/report", data={"csrf_token": tokens[0]})
    assert "Your page timed out" in answer.text, "nor does one of staff begin a report"
