"""Markup in any text anybody writes is shown as text, on every page that shows it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Identity
from mystery_shopper.core.db import transaction
from mystery_shopper.core.permissions import mark_of
from tests.casework.pages import Desk
from tests.factories.publications import TEXT, add_authority, add_published, add_staff, add_told_case
from tests.factories.staff import Member, token_in
from tests.factories.suggestions import add_suggestion

PAYLOADS = (
    "\"'><img src=x onerror=alert(1)>",
    "</textarea></title><script>alert(1)</script>",
    "{{7*7}}<svg/onload=alert(1)>",
)
BAD = "".join(PAYLOADS)
SHORT = PAYLOADS[0]
SignIn = Callable[[FlaskClient, Member], None]


class Trap(HTMLParser):
    """Reads a page as a browser does and notes what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if any(name.startswith("on") for name in names) or (tag == "script" and "src" not in names):
            self.caught.append(self.get_starttag_text() or tag)
        if any((value or "").strip().lower().startswith("javascript:") for _, value in attrs):
            self.caught.append(self.get_starttag_text() or tag)


def caught_in(page: str) -> list[str]:
    trap = Trap()
    trap.feed(page)
    return trap.caught


def test_the_trap_catches():
    assert len(caught_in(f"<p>{BAD}</p>")) == 3
    assert caught_in('<a href=" JavaScript:x">') != []


@pytest.fixture
def world(app: Flask, make_user: Callable[..., Member]) -> dict[str, Any]:
    """A published case and a suggestion whose every text holds markup."""
    words = dict.fromkeys(("requirement", "narrative", "raised_with_buyer", "buyer_answer"), BAD)
    words |= dict.fromkeys(("procurement_title", "procurement_reference", "stage", "learnt_on"), SHORT)
    identity = Identity(**dict.fromkeys(("name", "organisation", "trading_names", "email", "phone"), SHORT))
    with app.app_context(), transaction():
        case, filed = add_told_case(authority=add_authority(f"{SHORT} Council"), identity=None, **words)
        text = replace(TEXT, issue_text=BAD, outcome_text=BAD, objection_answer=BAD)
        result = add_published(case, add_staff(), text)
        suggestion = add_suggestion(requirement=BAD)
        other, _ = add_told_case(authority=case.authority, identity=identity, authority_text=BAD, **words)
        return {
            "reference": case.reference,
            "other": other.reference,
            "public": result.public_reference,
            "suggestion": suggestion.reference,
            "filed": filed,
        }


def _addresses(app: Flask, world: dict[str, Any]) -> Iterable[str]:
    values = {"report_id": world["filed"].report_id, "rule_id": "FIN-BOND", "fact_id": "bond_gbp"}
    for rule in app.url_map.iter_rules():
        known = rule.arguments <= {*values, "reference"} and mark_of(app.view_functions[rule.endpoint]) is not None
        if "GET" not in (rule.methods or ()) or not known:
            continue
        for reference in (world["reference"], world["other"], world["public"], world["suggestion"]):
            with app.test_request_context():
                built = rule.build({**values, "reference": reference})
            if built is not None:
                yield built[1]


def _write_everywhere(desk: Desk, report_id: object) -> None:
    desk.send("note", {"body": BAD})
    desk.send(f"reports/{report_id}/message", {"body": BAD})
    desk.send("title", {"title": SHORT, "reason": BAD})
    day = {"made_on-day": "1", "made_on-month": "1", "made_on-year": "2026"}
    desk.send("recommendations/new", {"text": BAD, "addressee": BAD, **day})
    desk.send("facts/bond_gbp", {"value": "7", "origin": BAD})


@pytest.mark.parametrize(
    "role",
    [
        Role.SENIOR_CASEWORKER,
        pytest.param(Role.PUBLISHER, marks=pytest.mark.large),
        pytest.param(Role.POLICY_OWNER, marks=pytest.mark.large),
        Role.AUDITOR,
    ],
)
def test_no_page_of_staff_or_public_runs_what_somebody_wrote(
    app: Flask, world: dict[str, Any], make_user: Callable[..., Member], sign_in: SignIn, role: Role
):
    browser, writer = app.test_client(), app.test_client()
    sign_in(writer, make_user(Role.SENIOR_CASEWORKER, name=SHORT))
    sign_in(browser, make_user(role, name=SHORT))
    _write_everywhere(Desk(writer, world["reference"]), world["filed"].report_id)
    searches = [f"/cases?q={SHORT}&authority={SHORT}", f"/results?q={SHORT}&authority={SHORT}", f"/audit?actor={SHORT}"]
    found, shown = {}, 0
    for address in {*_addresses(app, world), *searches}:
        answer = browser.get(address)
        assert answer.status_code < 500, address
        shown += "onerror=alert(1)" in answer.text
        if answer.mimetype == "text/html" and (bad := caught_in(answer.text)):
            found[address] = bad
    assert found == {}
    assert shown >= 3
    ElementTree.fromstring(browser.get("/results.atom").text)


def test_a_reporter_who_comes_back_meets_text_only(app: Flask, world: dict[str, Any], client: FlaskClient):
    code = world["filed"].receipt_code
    client.post("/receipt", data={"csrf_token": token_in(client.get("/receipt").text), "code": code})
    for address in ("/receipt/case", "/receipt/case/held"):
        page = client.get(address).text
        assert caught_in(page) == []
    assert "onerror" in page
    refused = client.post("/receipt/case/message", data={"body": BAD, "csrf_token": "x"})
    assert caught_in(refused.text) == []
