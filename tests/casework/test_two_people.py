"""Two people on one case, in their browsers: disjoint changes merge, for others both texts are shown."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import CasePresence
from mystery_shopper.cases.presence import STILL_HERE, forget_presences
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_reading, transaction
from tests.casework.pages import Desk
from tests.factories.reports import Filed
from tests.factories.staff import Member, sign_in_member


@pytest.fixture
def two(app: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]) -> tuple[Desk, Desk]:
    filed = file_report()
    clients = []
    for name in ("Ada Example", "Ben Example"):
        client = app.test_client()
        sign_in_member(client, make_user(Role.CASEWORKER, name=name))
        clients.append(client)
    return Desk(clients[0], filed.case_reference), Desk(clients[1], filed.case_reference)


def presences(app: Flask) -> list[datetime]:
    with app.app_context(), separate_reading() as session:
        return list(session.scalars(select(CasePresence.seen_at)))


def test_a_clash_shows_both_texts_and_what_they_came_from_and_can_be_saved_on_top(two: tuple[Desk, Desk]) -> None:
    ada, ben = two
    opened = ben.carried(ben.url("title"))
    assert ada.send("title", {"title": "Meals, lot 1", "reason": "The notice"}).status_code == 302
    late = ben.send("title", {"title": "Meals for all", "reason": "Shorter"}, carried=opened)
    assert late.status_code == 409
    for words in ("Meals, lot 1", "Meals for all", "Community meals service", "Both changed it"):
        assert words in late.text
    assert "Meals, lot 1" in ben.see()

    hidden = {
        name: late.text.split(f'name="{name}" type="hidden" value="')[1].split('"')[0]
        for name in ("csrf_token", "version", "ancestor")
    }
    again = ben.send("title", {"title": "Meals for all, lot 1", "reason": "Both"}, carried=hidden)
    assert again.status_code == 302
    assert "Meals for all, lot 1" in ada.see()


def test_what_another_changed_elsewhere_stands_against_nothing(two: tuple[Desk, Desk]) -> None:
    ada, ben = two
    opened = ben.carried(ben.url("title"))
    ada.move("acknowledged")
    assert ben.send("title", {"title": "Meals for all", "reason": "Shorter"}, carried=opened).status_code == 302
    page = ada.see()
    assert "Meals for all" in page
    assert "Acknowledged" in page


def test_a_page_that_does_not_say_what_it_came_from_shows_both(two: tuple[Desk, Desk]) -> None:
    ada, ben = two
    opened = ben.carried(ben.url("title"))
    ada.send("title", {"title": "Meals, lot 1", "reason": "The notice"})
    for broken in ("", "!!", "bnVsbA==", "W10=", "eyJ0aXRsZSI6IDF9"):
        late = ben.send("title", {"title": "Mine", "reason": "x"}, carried={**opened, "ancestor": broken})
        assert late.status_code == 409, broken
        assert "What it was when you opened the page" not in late.text


def test_one_fact_is_never_put_together_from_two_people(two: tuple[Desk, Desk]) -> None:
    ada, ben = two
    opened = ben.carried(ben.url("facts/bond_gbp"))
    assert ada.send("facts/bond_gbp", {"value": "600000", "origin": "Page 2"}).status_code == 302
    late = ben.send("facts/bond_gbp", {"value": "5000000", "origin": "Page 9"}, carried=opened)
    assert late.status_code == 409
    assert "600,000" in late.text


def test_who_else_has_the_case_open_is_named_for_a_while_and_written_once_a_minute(
    app: Flask, two: tuple[Desk, Desk]
) -> None:
    ada, ben = two
    assert "Also open by" not in ada.see()
    assert "Ada Example" in ben.see("title")
    page = ada.see()
    assert "Also open by" in page
    assert "Ben Example" in page
    before = presences(app)
    ada.see()
    assert presences(app) == before
    with app.app_context(), transaction():
        forget_presences(clock.utc_now() + STILL_HERE + timedelta(seconds=1))
    assert presences(app) == []


def test_whoever_may_not_see_a_case_is_told_of_nobody(
    two: tuple[Desk, Desk], signed_in: Callable[..., FlaskClient]
) -> None:
    ada, _ = two
    ada.client.post(ada.url("take"), data=ada.carried(ada.url()))
    answer = signed_in(Role.CASEWORKER).get(ada.url())
    assert answer.status_code == 404
    assert "Ada Example" not in answer.text
