"""Allocation and clocks in a browser without JavaScript: one journey for each thing a person can do."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.closing import held_by
from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.accounts.services import disable_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from tests.casework.pages import Desk, day
from tests.factories.reports import Filed
from tests.factories.staff import Member, sign_in_member, token_in
from tests.support.answers import assert_status_is_told


@pytest.fixture
def filed(file_report: Callable[..., Filed]) -> Filed:
    return file_report()


def enter(app: Flask, member: Member) -> FlaskClient:
    browser = app.test_client()
    sign_in_member(browser, member)
    return browser


def give(app: Flask, filed: Filed, member: Member) -> None:
    with app.app_context(), transaction():
        assign(get_case_for_update(filed.case_id), get_user(member.id), actor="system", now=clock.utc_now())


def follow(browser: FlaskClient, address: str, fields: dict[str, object]) -> str:
    """Send the form of a page and return the page it leads to."""
    data = {"csrf_token": token_in(browser.get(address).text), **fields}
    answer = browser.post(address, data=data, follow_redirects=True)
    assert_status_is_told(answer)
    return answer.text


def test_the_next_case_is_taken_from_the_desk_until_there_is_none(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    browser = enter(app, make_user(Role.CASEWORKER))
    token = token_in(browser.get("/desk").text)
    page = browser.post("/allocation/next", data={"csrf_token": token}, follow_redirects=True).text
    assert f"{filed.case_reference} is yours" in page
    again = browser.post("/allocation/next", data={"csrf_token": token}, follow_redirects=True).text
    assert "There is no case waiting for you" in again


def test_a_senior_is_told_whom_to_ask_and_gives_with_a_reason(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    owner, other = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Example")
    give(app, filed, owner)
    desk = Desk(enter(app, make_user(Role.SENIOR_CASEWORKER, name="Zoe Example")), filed.case_reference)
    page = desk.see("assign")
    assert "Ben Example (suggested)" in page
    assert "0 open cases, load 0, the lightest load" in page
    refused = desk.send("assign", {"owner": str(other.id), "reason": ""})
    assert "Enter why the case changes hands" in refused.text
    assert desk.send("assign", {"owner": str(other.id), "reason": "Ada leaves"}).status_code == 302
    assert "Assigned to Ben Example: Ada leaves" in desk.see("timeline")


def test_queues_and_skills_are_kept_and_cases_handed_over(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    owner, other = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Example")
    give(app, filed, owner)
    senior = enter(app, make_user(Role.SENIOR_CASEWORKER))
    assert re.search(r"urgent counts \d, high counts \d", senior.get("/allocation").text)
    place = f"/allocation/people/{owner.id}"
    page = follow(senior, place, {"queues": ["payment"], "skills": ["welsh"]})
    assert "Knows: Welsh" in page
    assert re.search(r'value="payment"[^>]*checked', senior.get(place).text)
    nothing = follow(senior, f"{place}/hand-over", {"to": str(other.id), "reason": "Leave"})
    assert "Select at least one case" in nothing
    page = follow(senior, f"{place}/hand-over", {"cases": [filed.case_reference], "to": str(other.id), "reason": "x"})
    assert "1 case was handed over" in page
    assert "has no open case" in senior.get(f"{place}/hand-over").text


def test_who_is_away_is_shown_and_the_deputy_opens_their_cases(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    owner, deputy = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Example")
    give(app, filed, owner)
    theirs, own = enter(app, deputy), enter(app, owner)
    assert theirs.get(f"/cases/{filed.case_reference}").status_code == 404
    today = clock.today()
    dates = {**day("starts_on", today), **day("ends_on", today + timedelta(days=3))}
    assert "Ben Example stands in" in follow(own, "/away", {**dates, "deputy": str(deputy.id)})
    page = theirs.get(f"/cases/{filed.case_reference}")
    assert page.status_code == 200
    assert "Ada Example is away until" in page.text
    assert "You are out of office until" in own.get("/desk").text
    assert "Take the next case" not in own.get("/desk").text

    own.post("/away/end", data={"csrf_token": token_in(own.get("/away").text)})
    assert theirs.get(f"/cases/{filed.case_reference}").status_code == 404
    assert "You are out of office" not in own.get("/desk").text


def test_a_clock_is_stopped_and_goes_on_from_the_case_page(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    desk = Desk(enter(app, make_user(Role.CASEWORKER)), filed.case_reference)
    again = clock.today() + timedelta(days=20)
    wrong = desk.send("pause", {"kind": "reporter", "reason": "", **day("look_again_on", clock.today())})
    assert "Enter why the clock stops" in wrong.text
    wrong = desk.send("pause", {"kind": "reporter", "reason": "On leave", **day("look_again_on", clock.today())})
    assert "The day to look again must be in the future" in wrong.text
    sent = desk.send("pause", {"kind": "reporter", "reason": "On leave", **day("look_again_on", again)})
    assert sent.status_code == 302
    page = desk.see()
    assert "Waiting for the reporter" in page
    assert "On leave" in page
    assert "We wait for the reporter" in page
    assert "stands still already" in desk.see("pause")
    assert desk.send("resume", {"reason": "She is back"}).status_code == 302
    assert "Earlier pauses (1)" in desk.see()
    assert "The clock of this case runs" in desk.see("resume")


def test_cases_of_somebody_whose_account_was_closed_are_handed_over(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    owner, other = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Example")
    give(app, filed, owner)
    with app.app_context(), transaction():
        assert held_by(owner.id) == ["1 open case"]
        disable_user(get_user(owner.id), actor="system", now=clock.utc_now())
    senior = enter(app, make_user(Role.SENIOR_CASEWORKER))
    assert "Ada Example: 1 open case" in senior.get("/allocation").text
    place = f"/allocation/people/{owner.id}/hand-over"
    page = follow(senior, place, {"cases": [filed.case_reference], "to": str(other.id), "reason": "Left"})
    assert "1 case was handed over" in page
    assert "Ada Example" not in page
    assert senior.get(place).status_code == 404
