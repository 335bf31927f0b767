"""The rule catalogue and the decision about a flag, through a browser without scripts."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mystery_shopper.rules.loading import catalogue
from tests.casework.pages import Desk
from tests.factories.reports import Filed


@pytest.fixture
def desk(file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]) -> Desk:
    return Desk(signed_in("caseworker"), file_report().case_reference)


@pytest.mark.parametrize("role", ["caseworker", "policy-owner", "publisher"])
def test_catalogue_is_open_to_those_who_work_with_rules(signed_in: Callable[..., FlaskClient], role: str) -> None:
    page = signed_in(role).get("/rules").text
    for rule in catalogue().rules:
        assert f'href="/rules/{rule.id}"' in page


def test_catalogue_is_closed_to_an_auditor(signed_in: Callable[..., FlaskClient]) -> None:
    assert signed_in("auditor").get("/rules").status_code == 403


def test_every_rule_has_a_page_with_its_sources(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("policy-owner")
    for rule in catalogue().rules:
        answer = client.get(f"/rules/{rule.id}")
        assert answer.status_code == 200
        assert rule.sources[0].section in answer.text.replace("&#39;", "'").replace("&amp;", "&")
    assert client.get("/rules/NO-SUCH-RULE").status_code == 404


def test_overruled_flag_says_so_with_its_reason(desk: Desk) -> None:
    answer = desk.send("flags/FIN-BOND", {"decision": "overruled", "reason": "A risk assessment was published."})
    assert answer.status_code == 302
    page = desk.see()
    assert "Overruled because: A risk assessment was published." in page
    assert "Flag FIN-BOND overruled: A risk assessment was published." in desk.see("timeline")
    assert desk.reference not in desk.client.get("/cases?rule=FIN-BOND").text


def test_reason_is_asked_for(desk: Desk) -> None:
    answer = desk.send("flags/FIN-BOND", {"decision": "overruled", "reason": ""})
    assert "Enter why" in answer.text


def test_late_decision_shows_both(desk: Desk) -> None:
    carried = desk.carried(desk.url("flags/FIN-BOND"))
    desk.send("flags/FIN-BOND", {"decision": "confirmed", "reason": "First"}, carried=carried)
    late = desk.send("flags/FIN-BOND", {"decision": "overruled", "reason": "Second"}, carried=carried)
    assert late.status_code == 409
    assert "First" in late.text
    assert "Second" in late.text
    assert "Confirmed because: First" in desk.see()


def test_page_says_why_a_flag_was_raised_and_that_it_is_no_ruling(desk: Desk) -> None:
    page = desk.see()
    for words in (
        "Why it was raised",
        "Bond or cash deposit",
        "£5,000,000",
        "Procurement Act 2023",
        "not legal advice",
    ):
        assert words in page


def test_flag_nobody_raised_is_not_found(desk: Desk) -> None:
    assert desk.client.get(desk.url("flags/NO-SUCH-RULE")).status_code == 404
