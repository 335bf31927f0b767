"""How often a rule was right: the interval, the counts by version, the pages and the file."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case, FlagDecision
from mystery_shopper.cases.queries import find_flag
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.triage.precision import Precision
from mystery_shopper.triage.services import decide_flag
from mystery_shopper.triage.use import PAGE_SIZE, versions_of
from tests.factories.reports import Filed
from tests.factories.staff import Member

RULE = "FIN-BOND"


@pytest.mark.parametrize(
    ("confirmed", "overruled", "low", "high"),
    [(8, 2, 0.490, 0.943), (0, 10, 0.0, 0.278), (10, 0, 0.722, 1.0), (50, 50, 0.404, 0.596), (1, 0, 0.207, 1.0)],
)
def test_the_interval_is_that_of_wilson(confirmed: int, overruled: int, low: float, high: float) -> None:
    found = Precision(confirmed, overruled).interval

    assert found == pytest.approx((low, high), abs=0.001)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_interval_holds_the_share_and_narrows(confirmed: int, overruled: int) -> None:
    precision = Precision(confirmed, overruled)
    low, high = precision.interval

    assert 0 <= low <= high <= 1
    if precision.share is not None:
        assert low - 1e-12 <= precision.share <= high + 1e-12
        wider = Precision(confirmed * 4, overruled * 4).interval
        assert wider[1] - wider[0] < high - low


def test_few_decisions_say_nothing() -> None:
    assert Precision(0, 0).words == "Nothing decided yet"
    assert Precision(3, 1).words == "Too few to say (3 of 4)"
    assert Precision(8, 2).words == "80% (49% to 94%)"


@pytest.fixture
def decide(app: Flask, make_user: Callable[..., Member]) -> Callable[[Filed, FlagDecision, str], None]:
    """Decide the bond flag of a report."""
    member = make_user("senior-caseworker")

    def go(filed: Filed, decision: FlagDecision, reason: str) -> None:
        with app.app_context(), transaction():
            case = db.session.get_one(Case, filed.case_id)
            flag = find_flag(case, RULE)
            assert flag is not None
            decider = get_user(member.id).to_staff_member()
            decide_flag(case, flag, decision, reason=reason, version=flag.version, decider=decider, now=clock.utc_now())

    return go


def test_a_rule_is_counted_by_version_and_decision(
    app: Flask, file_report: Callable[..., Filed], decide: Callable[..., None], signed_in: Callable[..., FlaskClient]
) -> None:
    for decision in (FlagDecision.CONFIRMED, FlagDecision.CONFIRMED, FlagDecision.OVERRULED):
        decide(file_report(), decision, f"Looked at: {decision.value}")
    file_report()

    with app.app_context():
        versions = versions_of(RULE)
    assert [(use.raised, use.precision) for use in versions] == [(4, Precision(2, 1))]

    browser = signed_in("senior-caseworker")
    page = browser.get(f"/rules/{RULE}").text
    assert "Too few to say (2 of 3)" in page
    assert "(in force)" in page
    assert page.count("Looked at: confirmed") == 2
    assert "Bond share" in page or "bond" in page

    only = browser.get(f"/rules/{RULE}?decision=overruled").text
    assert "Looked at: overruled" in only
    assert "Looked at: confirmed" not in only


def test_reasons_are_shown_only_to_who_may_see_the_case(
    file_report: Callable[..., Filed], decide: Callable[..., None], signed_in: Callable[..., FlaskClient]
) -> None:
    decide(file_report(), FlagDecision.OVERRULED, "A canary of a reason")

    page = signed_in("policy-owner").get(f"/rules/{RULE}").text

    assert "A canary of a reason" not in page
    assert "There is no such case that you may see." in page
    assert "Overruled" in page


def test_the_cases_of_a_rule_come_in_pages(
    file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    filed = [file_report().case_reference for _ in range(PAGE_SIZE + 1)]
    browser = signed_in("senior-caseworker")

    first = browser.get(f"/rules/{RULE}").text
    assert filed[-1] in first
    assert filed[0] not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(f"/rules/{RULE}{following}").text
    assert filed[0] in second
    assert filed[-1] not in second


def test_a_cursor_or_a_choice_of_nobody_is_no_error_of_ours(signed_in: Callable[..., FlaskClient]) -> None:
    browser = signed_in("senior-caseworker")

    assert browser.get(f"/rules/{RULE}?cursor=nonsense").status_code == 404
    assert browser.get(f"/rules/{RULE}?decision=nonsense").status_code == 200


def test_the_table_is_a_file(
    file_report: Callable[..., Filed], decide: Callable[..., None], signed_in: Callable[..., FlaskClient]
) -> None:
    decide(file_report(), FlagDecision.CONFIRMED, "Yes")

    answer = signed_in("policy-owner").get("/rules.csv")

    rows = {row["Rule"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert len(rows) == 39
    assert (rows[RULE]["Confirmed"], rows[RULE]["Precision"]) == ("1", "1.000")
    assert rows["STANDSTILL"]["Precision"] == ""
