"""A case worked to its outcome through the pages of interventions."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from mystery_shopper.cases.closure import closing_checklist
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.models import Intervention, Outcome, Recommendation
from tests.casework.pages import Desk, day
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, add_member
from tests.support.desks import open_desk
from tests.support.standing import Standing

IDS = r"([0-9a-f-]{36})"


@pytest.fixture
def today() -> date:
    return clock.today()


def accept_case(app: Flask) -> tuple[Member, str]:
    with app.app_context():
        with transaction():
            reference = add_report().case_reference
        caseworker = add_member()
        db.session.remove()
    Desk(open_desk(app, caseworker), reference).move("acknowledged", "triage", "accepted")
    return caseworker, reference


@pytest.fixture
def desk(app: Flask, standing: Standing) -> Desk:
    """A caseworker, signed in, at a case that was accepted."""
    caseworker, reference = standing.get(app, "an accepted case", accept_case)
    return Desk(open_desk(app, caseworker), reference)


def call(today: date, **changes: Any) -> dict[str, Any]:
    fields = {"kind": "call", "summary": "Rang procurement.", "moves_case": "yes", **day("made_on", today)}
    return fields | changes


def outcome(today: date, **changes: Any) -> dict[str, Any]:
    fields = {
        "code": "recommendation-accepted",
        "upheld": "yes",
        "positive": "yes",
        "basis_fact_id": "bond_gbp",
        "before": "5,000,000",
        "after": "500,000",
        "summary": "The bond was lowered.",
        "moves_case": "yes",
        **day("reached_on", today),
    }
    return fields | changes


def advice(today: date) -> dict[str, Any]:
    return {"addressee": "The council", "text": "Lower the bond.", "rule_id": "", **day("made_on", today)}


def to_assessment(desk: Desk, today: date) -> None:
    desk.send("interventions/new", call(today))
    desk.move("responded", "assessment")


def test_recorded_call_moves_the_case_and_sets_when_the_answer_is_due(desk: Desk, app: Flask, today: date) -> None:
    due = today + timedelta(days=7)
    answer = desk.send("interventions/new", call(today, **day("response_due_on", due)))
    assert answer.status_code == 302
    assert "Authority contacted" in desk.see()
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.step_due_on, case.due_on, case.waiting) == (due, due, "authority")


def test_call_sent_twice_is_recorded_once(desk: Desk, app: Flask, today: date) -> None:
    carried = desk.carried(desk.url("interventions/new"))
    for _ in range(2):
        assert desk.send("interventions/new", call(today), carried=carried).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Intervention)) == 1


def test_formal_notice_gets_the_period_of_the_law_and_an_answer_moves_on(desk: Desk, today: date) -> None:
    desk.send("interventions/new", call(today))
    assert desk.send("interventions/new", call(today, kind="formal-notice-s108")).status_code == 302
    page = desk.see()
    assert "Formal notice" in page
    assert "Set by law" in page
    notice = re.findall(rf"interventions/{IDS}/response", page)[-1]
    fields = {"text": "We will lower it.", "moves_case": "yes", **day("received_on", today)}
    carried = desk.carried(desk.url(f"interventions/{notice}/response"))
    assert desk.send(f"interventions/{notice}/response", fields, carried=carried).status_code == 302
    assert "Authority responded" in desk.see()
    late = desk.send(f"interventions/{notice}/response", fields | {"text": "Mine"}, carried=carried)
    assert late.status_code == 409
    assert "Mine" in late.text


def test_power_that_does_not_cover_the_case_is_not_offered(desk: Desk) -> None:
    page = desk.see("interventions/new")
    assert "Formal notice, section 108" in page
    assert "Formal notice, section 40" not in page


@pytest.mark.parametrize("days", [1, 30])
def test_intervention_of_tomorrow_is_refused_with_everything_kept(desk: Desk, today: date, days: int) -> None:
    answer = desk.send("interventions/new", call(today + timedelta(days=days)))
    assert answer.status_code == 400
    assert "must be today or in the past" in answer.text
    assert "Rang procurement." in answer.text


def test_meeting_does_not_give_a_formal_notice(desk: Desk, today: date) -> None:
    desk.send("interventions/new", call(today))
    answer = desk.send("interventions/new", call(today, kind="meeting"))
    assert "does not move a case from this state" in answer.text


def test_intervention_on_a_case_that_moved_shows_both(
    desk: Desk, today: date, signed_in: Callable[..., FlaskClient]
) -> None:
    carried = desk.carried(desk.url("interventions/new"))
    Desk(signed_in("senior-caseworker"), desk.reference).move("authority-contacted")
    late = desk.send("interventions/new", call(today), carried=carried)
    assert late.status_code == 409
    assert "Rang procurement." in late.text


def test_recommendation_is_made_answered_and_checked(desk: Desk, today: date) -> None:
    made = {"text": "Lower the bond.", "rule_id": "FIN-BOND", "addressee": "", **day("made_on", today)}
    assert "Enter who it is made to" in desk.send("recommendations/new", made).text
    assert desk.send("recommendations/new", made | {"addressee": "Eastmarch council"}).status_code == 302
    assert "Not answered yet" in desk.see()
    one = re.findall(rf"recommendations/{IDS}/answer", desk.see())[0]
    without_day = desk.send(f"recommendations/{one}/answer", {"answer": "accepted", **day("answered_on", today)})
    assert "Enter the day to check whether it was done" in without_day.text
    later = day("check_on", today + timedelta(days=90))
    answered = {"answer": "accepted", "reason": "They agree.", **day("answered_on", today), **later}
    assert desk.send(f"recommendations/{one}/answer", answered).status_code == 302
    checked = {"implemented": "partly", "note": "The notice was amended.", **day("checked_on", today)}
    assert desk.send(f"recommendations/{one}/check", checked).status_code == 302
    page = desk.see()
    for words in ("Eastmarch council", "Accepted", "They agree.", "Partly, checked", "The notice was amended."):
        assert words in page


def standings(app: Flask) -> dict[str, str]:
    with app.test_request_context():
        case = db.session.scalars(select(Case)).one()
        return {point.key: point.standing.value for point in closing_checklist(case)}


def test_open_recommendation_and_missing_outcome_stand_against_closing(desk: Desk, app: Flask, today: date) -> None:
    assert standings(app)["recommendations-answered"] == "not-needed"
    desk.send("recommendations/new", advice(today))
    to_assessment(desk, today)
    before = standings(app)
    assert (before["recommendations-answered"], before["outcome-recorded"]) == ("open", "open")
    one = re.findall(rf"recommendations/{IDS}/answer", desk.see())[0]
    desk.send(f"recommendations/{one}/answer", {"answer": "refused", "reason": "", **day("answered_on", today)})
    desk.send("outcome", outcome(today))
    after = standings(app)
    assert (after["recommendations-answered"], after["outcome-recorded"]) == ("done", "done")


def test_outcome_rests_on_a_fact_that_changed(desk: Desk, today: date) -> None:
    to_assessment(desk, today)
    assert "Select the fact that shows what got better" in desk.send("outcome", outcome(today, basis_fact_id="")).text
    assert "it is the same as before" in desk.send("outcome", outcome(today, after="5000000")).text
    assert "Enter the value after the change" in desk.send("outcome", outcome(today, after="")).text
    assert "must be in pounds" in desk.send("outcome", outcome(today, after="half")).text
    assert desk.send("outcome", outcome(today)).status_code == 302
    page = desk.see()
    assert "from £5,000,000 to £500,000" in page
    assert "Outcome recorded" in page


def test_upheld_without_anything_better_is_an_outcome_too(desk: Desk, today: date) -> None:
    to_assessment(desk, today)
    fields = outcome(today, code="recommendation-not-accepted", positive="no", basis_fact_id="", before="", after="")
    assert desk.send("outcome", fields).status_code == 302
    assert "upheld: yes, positive: no" in desk.see("timeline")


def test_corrected_outcome_replaces_the_first_and_keeps_it(desk: Desk, app: Flask, today: date) -> None:
    to_assessment(desk, today)
    desk.send("outcome", outcome(today))
    assert desk.send("outcome", outcome(today, after="400,000")).status_code == 302
    assert "to £400,000" in desk.see()
    with app.app_context():
        rows = db.session.scalars(select(Outcome)).all()
        assert sorted(row.is_current for row in rows) == [False, True]


def test_database_refuses_a_positive_outcome_without_a_fact(desk: Desk, app: Flask, today: date) -> None:
    to_assessment(desk, today)
    desk.send("outcome", outcome(today))
    with app.app_context():
        row = db.session.scalars(select(Outcome)).one()
        row.basis_fact_id, row.after_sealed = None, None
        with pytest.raises(IntegrityError, match="positive_rests_on_a_fact"):
            db.session.flush()
        db.session.rollback()


def test_things_of_another_case_are_not_found(
    desk: Desk, app: Flask, today: date, file_report: Callable[..., Filed]
) -> None:
    desk.send("interventions/new", call(today))
    desk.send("recommendations/new", advice(today))
    other = file_report().case_reference
    with app.app_context():
        intervention = db.session.scalars(select(Intervention)).one().id
        recommendation = db.session.scalars(select(Recommendation)).one().id
    for path in (
        f"interventions/{intervention}/response",
        f"recommendations/{recommendation}/answer",
        f"recommendations/{recommendation}/check",
    ):
        assert desk.client.get(desk.url(path)).status_code == 200
        assert desk.client.get(f"/cases/{other}/{path}").status_code == 404


def test_sealed_words_are_not_in_the_database(desk: Desk, app: Flask, today: date) -> None:
    desk.send("interventions/new", call(today, summary="canary-of-the-call"))
    with app.app_context():
        row = db.session.scalars(select(Intervention)).one()
        assert b"canary" not in row.summary_sealed
        case = db.session.scalars(select(Case)).one()
        assert row.summary(case.data_key) == "canary-of-the-call"
