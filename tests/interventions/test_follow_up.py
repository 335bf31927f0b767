"""After the end: the case is looked at again, its reporter is asked again, what they say is counted without them."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.followup import PracticeChanged, take_follow_up
from mystery_shopper.cases.models import Case, FeedbackTally, Report
from mystery_shopper.cases.services import assign, move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import add_months, financial_year
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.models import CaseFollowUp, OutcomeCode, Upheld
from mystery_shopper.interventions.policy import follow_up_months
from mystery_shopper.interventions.services import NewOutcome, record_outcome
from mystery_shopper.interventions.worker import follow_up_round
from mystery_shopper.notifications.models import Letter, OutboxMessage
from tests.casework.pages import Desk
from tests.factories.reports import Filed
from tests.factories.staff import Member
from tests.intake.walking import Walker

ROAD = (
    CaseState.ACKNOWLEDGED,
    CaseState.TRIAGE,
    CaseState.ACCEPTED,
    CaseState.AUTHORITY_CONTACTED,
    CaseState.RESPONDED,
    CaseState.ASSESSMENT,
    CaseState.OUTCOME_RECORDED,
    CaseState.SUPPLIER_TOLD,
    CaseState.WITHHELD,
    CaseState.CLOSED,
)


def close(case: Case, owner: Member, *, code: OutcomeCode = OutcomeCode.NOT_UPHELD) -> None:
    """Take a case to its end, with an outcome."""
    now, person = clock.utc_now(), get_user(owner.id)
    assign(case, person, actor="system", now=now)
    upheld = Upheld.NO if code is OutcomeCode.NOT_UPHELD else Upheld.NOT_APPLICABLE
    new = NewOutcome(
        submission_id=uuid4(), code=code, upheld=upheld, positive=False, reached_on=clock.today(), summary="Weighed."
    )
    record_outcome(case, new, version=case.version, recorder=person.to_staff_member(), now=now)
    for state in ROAD:
        move(case, state, actor=person.actor, now=now)


@pytest.fixture
def filed(app: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]) -> Filed:
    """A report whose case was closed by its owner more than six months ago."""
    filed, owner = file_report(), make_user("caseworker")
    with app.app_context():
        with transaction() as session:
            close(session.get_one(Case, filed.case_id), owner)
            row = session.scalars(select(CaseFollowUp)).one()
            assert row.due_on == add_months(clock.today(), follow_up_months())
            row.due_on = clock.today() - timedelta(days=1)
        db.session.remove()
    return filed


def test_a_closed_case_is_looked_at_again_and_its_reporter_is_asked_and_told(
    app: Flask, filed: Filed, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    assert "Some months have passed" not in walker.text
    with app.app_context():
        with transaction() as session:
            session.execute(delete(OutboxMessage))
        assert follow_up_round() == 1
        assert follow_up_round() == 0
        assert db.session.scalars(select(OutboxMessage.letter)).all() == [Letter.REPORTER_UPDATE]
        row_id = db.session.scalars(select(CaseFollowUp.id)).one()
        db.session.remove()
    walker.open("/receipt/case")
    assert "Answer 2 short questions" in walker.text
    walker.open("/receipt/case/follow-up")
    walker.send({"changed": "partly", "satisfied": "4"})
    walker.open("/receipt/case")
    assert "Answer 2 short questions" not in walker.text

    senior = Desk(signed_in("senior-caseworker"), filed.case_reference)
    address = senior.url(f"follow-up/{row_id}")
    assert address not in senior.client.get("/desk").text
    page = senior.see("parts/action")
    assert "Nobody has looked yet" in page
    assert address in page
    assert "Select whether the practice changed" in senior.send(f"follow-up/{row_id}", {}).text
    done = {"result": "changed", "note": "The next notice asks for no bond."}
    carried = senior.carried(address)
    assert senior.send(f"follow-up/{row_id}", done, carried=carried).status_code == 302
    assert senior.send(f"follow-up/{row_id}", done, carried=carried).status_code == 409
    assert "The next notice asks for no bond." in senior.see("parts/action")
    walker.open("/receipt/case")
    assert "We looked again: the authority changed what it does." in walker.text
    assert "asks for no bond" not in walker.text


def test_it_stands_on_the_desk_of_the_owner_and_only_for_closed_cases(
    app: Flask, filed: Filed, make_user: Callable[..., Member], signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        with transaction() as session:
            assign(session.get_one(Case, filed.case_id), None, actor="system", now=clock.utc_now())
        db.session.remove()
    colleague = signed_in("caseworker")
    assert f"/cases/{filed.case_reference}/follow-up/" in colleague.get("/desk").text
    with app.app_context():
        with transaction() as session:
            move(session.get_one(Case, filed.case_id), CaseState.REOPENED, actor="system", now=clock.utc_now())
        assert follow_up_round() == 0
        db.session.remove()
    assert "/follow-up/" not in colleague.get("/desk").text


def test_a_case_closed_without_a_finding_is_not_looked_at_again(
    app_context: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]
) -> None:
    filed, owner = file_report(), make_user("caseworker")
    with transaction() as session:
        close(session.get_one(Case, filed.case_id), owner, code=OutcomeCode.WITHDRAWN)
    assert db.session.scalars(select(CaseFollowUp)).all() == []


def test_answers_are_counted_by_year_without_the_reporter_and_an_answer_that_changes_moves(
    app_context: Flask, file_report: Callable[..., Filed]
) -> None:
    filed, other = file_report(), file_report()
    year = financial_year(clock.today())

    def say(to: Filed, changed: PracticeChanged, satisfied: int) -> None:
        with transaction() as session:
            case, report = session.get_one(Case, to.case_id), session.get_one(Report, to.report_id)
            take_follow_up(case, report, changed, satisfied, "", now=clock.reporter_now())

    say(filed, PracticeChanged.NOT_KNOWN, 4)
    say(other, PracticeChanged.NO, 4)
    say(filed, PracticeChanged.YES, 2)
    say(filed, PracticeChanged.YES, 2)
    rows = db.session.scalars(select(FeedbackTally)).all()
    assert {(row.year, row.question.value, row.answer): row.count for row in rows if row.count} == {
        (year, "satisfied", "4"): 1,
        (year, "satisfied", "2"): 1,
        (year, "changed", "no"): 1,
        (year, "changed", "yes"): 1,
    }
    assert set(FeedbackTally.__table__.columns.keys()) == {"year", "question", "answer", "count"}


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 4, 5), 2025), (date(2026, 4, 6), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_financial_year_begins_on_6_april(day: date, year: int) -> None:
    assert financial_year(day) == year
