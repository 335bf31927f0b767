"""The end of a report for its reporter: the letter, whether the practice changed, the slip, a lost code."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.cases.events import EVENT_TYPES
from mystery_shopper.cases.followup import STILL_GOING, FollowUpGiven, last_follow_up
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.services import move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.factories.reports import Filed
from tests.intake.walking import Walker

ROAD = (
    CaseState.ACKNOWLEDGED,
    CaseState.TRIAGE,
    CaseState.OUT_OF_SCOPE,
)


@pytest.fixture
def walker(client: FlaskClient, filed: Filed) -> Walker:
    """The reporter, with the receipt open."""
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    return walker


@pytest.fixture
def ended(app: Flask, filed: Filed, walker: Walker) -> Walker:
    """The reporter of a report that has come to an end."""
    with app.app_context():
        with transaction():
            case = get_case_for_update(filed.case_id)
            for state in ROAD:
                move(case, state, actor="system", now=clock.utc_now(), reason="tested")
        db.session.remove()
    return walker


def test_nothing_of_the_end_is_offered_while_the_case_goes_on(walker: Walker) -> None:
    walker.open("/receipt/case")
    assert "Read and print our letter" not in walker.text
    for path in ("letter", "follow-up"):
        walker.open(f"/receipt/case/{path}")
        assert walker.path == "/receipt/case"


def test_every_state_is_either_going_on_or_told() -> None:
    told = set(CaseState) - STILL_GOING
    assert {CaseState.CLOSED, CaseState.SUPPLIER_TOLD, CaseState.PUBLISHED, CaseState.OUT_OF_SCOPE} <= told
    assert CaseState.INTERVENTION in STILL_GOING


def test_the_letter_says_what_was_reported_and_done_and_not_by_whom(ended: Walker, filed: Filed) -> None:
    ended.open("/receipt/case/letter")
    assert ended.path == "/receipt/case/letter"
    assert filed.public_reference in ended.text
    assert "Community meals service" in ended.text
    assert "We cannot look into this." in ended.text
    assert "Joan Pargeter" not in ended.text
    assert filed.case_reference not in ended.text


def test_what_came_of_it_reaches_the_caseworker_and_can_be_changed(app: Flask, ended: Walker, filed: Filed) -> None:
    ended.open("/receipt/case/follow-up")
    ended.send()
    assert "Select whether the practice changed" in ended.text
    ended.send({"changed": "no", "satisfied": "4", "words": "They still ask for it."})
    assert "Thank you" in ended.text
    assert "You told us what came of it." in ended.text
    ended.open("/receipt/case/follow-up")
    assert "They still ask for it." in ended.text
    ended.send()
    ended.open("/receipt/case/follow-up")
    ended.send({"changed": "yes", "satisfied": []})
    with app.app_context():
        case = get_case_for_update(filed.case_id)
        said = [row.to_event(case.data_key) for row in list_events(case) if row.tag == FollowUpGiven.tag]
        assert [event.changed for event in said if isinstance(event, FollowUpGiven)] == ["no", "yes"]
        assert "satisfied 4 of 5" in said[0].sentence()
        last = last_follow_up(db.session.get_one(Report, filed.report_id))
        assert last is not None
        assert last.satisfied == 0
        db.session.remove()


def test_the_code_in_what_came_of_it_is_refused_with_the_words_kept(ended: Walker, filed: Filed) -> None:
    ended.open("/receipt/case/follow-up")
    ended.send({"changed": "no", "words": f"my code {filed.receipt_code} here"})
    assert "Remove your receipt code" in ended.text
    assert filed.receipt_code in ended.text


def test_a_withdrawn_report_has_no_letter(walker: Walker) -> None:
    walker.open("/receipt/case/withdraw")
    walker.send()
    walker.open("/receipt/case/letter")
    assert walker.path == "/receipt/case"


def test_the_slip_of_a_sent_report_has_its_reference_and_no_code(walker: Walker, filed: Filed) -> None:
    walker.open("/receipt/case/slip")
    assert filed.public_reference in walker.text
    assert filed.receipt_code not in walker.text


def test_a_lost_code_is_explained_from_both_doors(client: FlaskClient) -> None:
    walker = Walker(client)
    for door in ("/receipt", "/report/return"):
        walker.open(door)
        assert 'href="/receipt/lost"' in walker.text
    walker.open("/receipt/lost")
    assert "nobody can send it to you again or make a new one" in walker.text


def test_the_event_is_known_to_every_reader() -> None:
    assert EVENT_TYPES[FollowUpGiven.tag] is FollowUpGiven
