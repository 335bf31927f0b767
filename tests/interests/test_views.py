"""Interests in a browser without JavaScript: the door of a case, the register, two open sessions, an emergency."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from tests.architecture.test_routes import without_tokens
from tests.casework.pages import Desk, day
from tests.factories.publications import add_authority, add_told_case
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, sign_in_member, token_in

BODY = "Barchester City Council"


@pytest.fixture
def asks_at_the_door(app: Flask) -> Iterator[None]:
    """Let the service ask for a declaration, as it does unless it is told otherwise."""
    usual = app.extensions["settings"]
    app.extensions["settings"] = replace(usual, declare_each_case=True)
    yield
    app.extensions["settings"] = usual


@pytest.fixture
def filed(app: Flask) -> Filed:
    with app.app_context(), transaction():
        return add_report(authority_id=add_authority(BODY).id)


@pytest.fixture
def enter(app: Flask, make_user: Callable[..., Member]) -> Callable[..., FlaskClient]:
    def go(role: Role = Role.CASEWORKER, member: Member | None = None, **details: str) -> FlaskClient:
        browser = app.test_client()
        sign_in_member(browser, member or make_user(role, **details))
        return browser

    return go


def fill_in(browser: FlaskClient, address: str, fields: dict[str, object]) -> str:
    """Send the form of a page and return the page it leads to."""
    data = {"csrf_token": token_in(browser.get(address).text), **fields}
    answer = browser.post(address, data=data, follow_redirects=True)
    return answer.text


def send(browser: FlaskClient, address: str, fields: dict[str, object]) -> tuple[int, str]:
    """Send the form of a page and return the status and where it leads."""
    data = {"csrf_token": token_in(browser.get(address).text), **fields}
    answer = browser.post(address, data=data)
    return answer.status_code, answer.location or ""


@pytest.mark.usefixtures("asks_at_the_door")
class TestTheDoor:
    def test_a_case_opens_after_the_declaration_and_goes_on_to_where_one_was_going(
        self, filed: Filed, enter: Callable[..., FlaskClient]
    ) -> None:
        browser = enter()
        place = f"/cases/{filed.case_reference}"
        asked = browser.get(f"{place}/timeline")
        assert asked.status_code == 302
        page = browser.get(asked.location)
        assert BODY in page.text
        assert "You are not told who reported it" in page.text
        early = browser.post(f"{place}/note", data={"csrf_token": token_in(page.text), "body": "Words I typed"})
        assert early.status_code == 409
        assert "Say first whether you have an interest" in early.text
        assert "Words I typed" in early.text, "nothing that was typed is lost"
        assert "Select whether you have an interest in this case" in fill_in(browser, asked.location, {})
        assert send(browser, asked.location, {"has_interest": "none"}) == (302, f"{place}/timeline")
        assert browser.get(place).status_code == 200
        elsewhere = f"{place}/interest?next=https://elsewhere.example/"
        assert send(browser, elsewhere, {"has_interest": "none"}) == (302, place)

    def test_an_interest_that_is_said_there_closes_it_in_every_session(
        self, app: Flask, filed: Filed, make_user: Callable[..., Member], enter: Callable[..., FlaskClient]
    ) -> None:
        member = make_user(Role.CASEWORKER)
        first = enter(member=member)
        with clock.frozen(clock.utc_now() + timedelta(minutes=1)):  # a code works once
            second = enter(member=member)
        place = f"/cases/{filed.case_reference}"
        send(second, f"{place}/interest", {"has_interest": "none"})
        with app.app_context(), transaction():
            case = get_case_for_update(filed.case_id)
            assign(case, get_user(member.id), actor="system", now=clock.utc_now())
        assert filed.case_reference in second.get("/desk").text
        page = fill_in(first, f"{place}/interest", {"has_interest": "authority", "authority_words": ""})
        assert "Enter what your interest in the authority is" in page
        page = fill_in(
            first, f"{place}/interest", {"has_interest": "authority", "authority_words": "My wife sits there"}
        )
        assert "What it concerns is closed to you now" in page
        assert "My wife" in page

        hidden, absent = second.get(place), second.get("/cases/MS-2020-99999")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert without_tokens(hidden.text) == without_tokens(absent.text)
        for address in ("/desk", "/cases?state=all", "/cases?q=bond&state=all", "/cases.csv?state=all"):
            assert filed.case_reference not in second.get(address).text, address
        assert second.get(f"{place}/interest").status_code == 404

    def test_a_publisher_is_asked_too(self, app: Flask, enter: Callable[..., FlaskClient]) -> None:
        with app.app_context(), transaction():
            told = add_told_case()[1]
        browser = enter(Role.PUBLISHER)
        place = f"/publication/{told.case_reference}"
        asked = browser.get(place)
        assert asked.location.startswith(f"{place}/interest?")
        assert send(browser, asked.location, {"has_interest": "none"}) == (302, place)
        assert browser.get(place).status_code == 200
        fill_in(browser, f"{place}/interest", {"has_interest": "case", "case_words": "I know them"})
        assert told.case_reference not in browser.get("/publication").text
        assert browser.get(place).status_code == 404


def test_interests_are_added_ended_and_seen_by_seniors_without_the_names_of_suppliers(
    filed: Filed, make_user: Callable[..., Member], enter: Callable[..., FlaskClient]
) -> None:
    member = make_user(Role.CASEWORKER, name="Ada Example")
    own, senior = enter(member=member), enter(Role.SENIOR_CASEWORKER, name="Zoe Example")
    desk, today = Desk(own, filed.case_reference), clock.today()
    desk.see()
    found = own.get("/interests/authority?name=barchester").text
    assert BODY in found
    value = found.split('name="authority"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    fields = {"authority": value, "words": "I worked there", **day("starts_on", today)}
    page = fill_in(own, "/interests/authority?name=barchester", fields)
    assert "I worked there" in page
    assert own.get(desk.url()).status_code == 404
    again = fill_in(own, "/interests/authority?name=barchester", fields)
    assert "This interest stands in the register already" in again
    supplier = {"supplier": "Grumblethorpe Ltd", "words": "My brother owns it", **day("starts_on", today)}
    assert "Grumblethorpe Ltd" in fill_in(own, "/interests/supplier", supplier)
    wrong = fill_in(own, "/interests/supplier", {**supplier, **day("starts_on", today.replace(year=today.year + 1))})
    assert "The day it began must be today or in the past" in wrong

    assert "Ada Example" in senior.get("/interests/people").text
    person = f"/interests/people/{member.id}"
    page = senior.get(person).text
    assert "A supplier" in page
    assert "I worked there" in page
    assert "Grumblethorpe" not in page
    assert "My brother owns it" not in page
    ended = own.get("/interests/end").text
    chosen = ended.split(BODY, 1)[0].rsplit('value="', 1)[1].split('"', 1)[0]
    page = fill_in(own, "/interests/end", {"interest": chosen, **day("ends_on", today)})
    assert "Ended, still counts" in page
    assert own.get(desk.url()).status_code == 404
    reason = {"interest": chosen, "reason": "It was another council"}
    assert "Entered by mistake" in fill_in(senior, f"{person}/withdraw", reason)
    assert own.get(desk.url()).status_code == 200
    assert "It was another council" in own.get("/interests").text


def test_a_closed_case_is_opened_in_an_emergency_with_a_reason_and_given_back(
    app: Flask, filed: Filed, make_user: Callable[..., Member], enter: Callable[..., FlaskClient]
) -> None:
    owner = make_user(Role.CASEWORKER)
    with app.app_context(), transaction():
        assign(get_case_for_update(filed.case_id), get_user(owner.id), actor="system", now=clock.utc_now())
    browser, senior = enter(name="Ada Example"), enter(Role.SENIOR_CASEWORKER)
    place = f"/cases/{filed.case_reference}"
    assert browser.get(place).status_code == 404
    fields = {"reference": filed.case_reference.lower(), "reason": ""}
    assert "Enter why nobody else can do this" in fill_in(browser, "/emergency-access", fields)
    page = fill_in(browser, "/emergency-access", {**fields, "reason": "The owner is ill, the tender closes today"})
    assert "You opened this case in an emergency" in page
    assert filed.case_reference in browser.get("/cases").text
    assert "Opened in an emergency by Ada Example" in enter(member=owner).get(f"{place}/timeline").text
    assert "The owner is ill" in senior.get("/emergency-access/register").text
    browser.post("/emergency-access/end", data={"csrf_token": token_in(page)})
    assert browser.get(place).status_code == 404
