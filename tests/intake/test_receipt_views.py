"""What a reporter sees and does through the receipt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.cases import services as cases
from mystery_shopper.cases.models import Case, Direction, IdentityChoice, Message, Report
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, new_id, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import seal
from tests.factories.records import ROAD_OUT
from tests.factories.reports import Filed
from tests.intake.walking import Walker

NOW = datetime(2026, 11, 3, 15, 30, tzinfo=UTC)


@pytest.fixture
def walker(client: FlaskClient, filed: Filed) -> Walker:
    """A browser in which the receipt of the report is open."""
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    assert walker.path == "/receipt/case"
    return walker


def write_to_reporter(app: Flask, filed: Filed, body: str) -> None:
    with app.app_context(), transaction():
        case = db.session.get_one(Case, filed.case_id)
        message_id = new_id()
        db.session.add(
            Message(
                id=message_id,
                case_id=case.id,
                report_id=filed.report_id,
                direction=Direction.TO_REPORTER,
                author=SYSTEM,
                sent_at=NOW,
                submission_id=uuid4(),
                body_sealed=seal(case.data_key, body, f"messages.body:{message_id}"),
            )
        )


def report_of(app: Flask, filed: Filed) -> Report:
    with app.app_context():
        return db.session.get_one(Report, filed.report_id)


def test_the_page_needs_the_code(client: FlaskClient) -> None:
    for path in ("/receipt/case", "/receipt/case/withdraw", "/receipt/case/object", "/receipt/case/held"):
        assert client.get(path).headers["Location"] == "/receipt"


def test_a_message_is_taken_once_and_shown(app: Flask, walker: Walker) -> None:
    action, fields = walker.form()
    for _ in range(2):
        walker.page = walker.client.post(action, data={**fields, "body": "Any <b>news</b>?"}, follow_redirects=True)

    assert walker.text.count("Any &lt;b&gt;news&lt;/b&gt;?") == 1
    assert "You sent us a message." in walker.text


def test_an_empty_message_is_refused_with_the_page_around_it(walker: Walker) -> None:
    walker.send({"body": " \u200b "})

    assert walker.title.startswith("Error: ")
    assert "Enter your message" in walker.text
    assert "What has happened" in walker.text


def test_the_code_in_a_message_is_refused_and_the_text_kept(app: Flask, walker: Walker, filed: Filed) -> None:
    walker.send({"body": f"It is {filed.receipt_code.lower()}"})

    assert "Remove your receipt code from the text" in walker.text
    assert filed.receipt_code.lower() in walker.text
    with app.app_context():
        assert db.session.scalars(select(Message)).all() == []


def test_our_message_is_new_until_it_was_opened(app: Flask, client: FlaskClient, filed: Filed) -> None:
    write_to_reporter(app, filed, "Please tell us the date")
    first, second = Walker(client), Walker(app.test_client())
    for visit in (first, second):
        visit.open("/receipt")
        visit.send({"code": filed.receipt_code})

    assert "Please tell us the date" in first.text
    assert 'govuk-tag--blue">' in first.text
    assert "Please tell us the date" in second.text
    assert 'govuk-tag--blue">' not in second.text


def test_dates_are_shown_and_times_are_not(app: Flask, walker: Walker, filed: Filed) -> None:
    write_to_reporter(app, filed, "Hello")
    walker.open("/receipt/case")

    assert "3 November 2026" in walker.text
    assert "15:30" not in walker.text
    assert "3:30pm" not in walker.text


def test_steps_of_the_case_are_told_in_plain_words(app: Flask, walker: Walker, filed: Filed) -> None:
    with app.app_context(), transaction():
        case = db.session.get_one(Case, filed.case_id)
        cases.move(case, CaseState.ACKNOWLEDGED, actor=SYSTEM, now=NOW)

    walker.open("/receipt/case")

    assert "We have read your report and confirmed that we received it." in walker.text
    assert filed.case_reference not in walker.text


def test_a_report_is_withdrawn_after_a_question(app: Flask, walker: Walker, filed: Filed) -> None:
    walker.open("/receipt/case/withdraw")
    assert "Are you sure" in walker.text
    walker.send()

    assert walker.path == "/receipt/case"
    assert "You have withdrawn your report" in walker.text
    assert report_of(app, filed).withdrawn_on == clock.today()
    walker.open("/receipt/case/withdraw")
    assert "You cannot withdraw your report now" in walker.text


def test_a_withdrawal_that_comes_too_late_is_refused_in_the_readers_language(
    app: Flask, walker: Walker, filed: Filed
) -> None:
    walker.open("/receipt/case/withdraw")
    action, fields = walker.form()
    with app.app_context(), transaction():
        case = db.session.get_one(Case, filed.case_id)
        for state in ROAD_OUT:
            cases.move(case, state, actor=SYSTEM, now=clock.utc_now())
        public = case.public_reference
    walker.client.set_cookie("language", "cy")
    late = walker.client.post(action, data=fields)

    assert late.status_code == 409
    assert "Ni allwch dynnu eich adroddiad yn ôl nawr" in late.text
    assert public in late.text
    assert filed.case_reference not in late.text
    assert report_of(app, filed).withdrawn_on is None


def test_an_objection_to_publication_is_recorded(app: Flask, walker: Walker, filed: Filed) -> None:
    walker.open("/receipt/case/object")
    walker.send()

    assert "You asked us not to publish the result." in walker.text
    assert report_of(app, filed).objects_to_publication


def test_a_request_without_a_token_changes_nothing(app: Flask, walker: Walker, filed: Filed) -> None:
    for path in ("/receipt/case/withdraw", "/receipt/case/object", "/receipt/leave"):
        walker.client.post(path, data={"csrf_token": "old"})

    report = report_of(app, filed)
    assert report.withdrawn_on is None
    assert not report.objects_to_publication
    assert walker.open("/receipt/case").request.path == "/receipt/case"


def test_what_is_held_shows_the_report_and_not_the_person(walker: Walker) -> None:
    walker.open("/receipt/case/held")

    assert "Community meals service" in walker.text
    assert "your email address" in walker.text
    assert "Pargeter" not in walker.text
    assert "quillfeather" not in walker.text.lower()


def test_an_anonymous_reporter_is_warned_and_nothing_is_held(
    client: FlaskClient, file_report: Callable[..., Filed]
) -> None:
    filed = file_report(identity_choice=IdentityChoice.ANONYMOUS, identity=None)
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})

    assert "Do not write who you are" in walker.text
    walker.open("/receipt/case/held")
    assert "We do not know who you are" in walker.text


def test_leaving_closes_the_report(walker: Walker) -> None:
    walker.send(number=1)

    assert walker.path == "/report/left"
    assert walker.open("/receipt/case").request.path == "/receipt"


def test_after_an_hour_the_code_is_asked_again_and_the_message_is_kept(walker: Walker, filed: Filed) -> None:
    with clock.frozen(clock.utc_now() + timedelta(minutes=61)):
        walker.send({"body": "A long message\n\nof mine"})
        assert walker.page is not None
        assert walker.page.status_code == 409
        walker.send({"code": filed.receipt_code})

        assert walker.path == "/receipt/case"
        assert walker.form()[1]["body"] == ["A long message\n\nof mine"]


def test_one_report_does_not_open_another(app: Flask, walker: Walker, file_report: Callable[..., Filed]) -> None:
    other = file_report(procurement_title="Somebody else's tender")

    walker.open("/receipt/case/held")

    assert "Somebody else" not in walker.text
    assert other.public_reference not in walker.text


def test_pages_of_a_receipt_are_not_stored_by_browsers(walker: Walker) -> None:
    assert walker.page is not None
    assert walker.page.headers["Cache-Control"] == "no-store"
    assert "Exit this page" in walker.text
