"""The report on one page: what it asks, what is kept, what is asked later through the receipt."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.cases.asking import findings_of
from mystery_shopper.cases.models import Case, IdentityChoice, Report, ReporterKind
from mystery_shopper.cases.queries import find_identity, list_facts
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import db
from mystery_shopper.intake import journey
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.queries import families, find_draft, read_draft
from tests.intake.walking import Walker

STORY = "Bidders must lodge a performance bond of £5,000,000."


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    """A visitor who has the page of the short form open."""
    visitor = Walker(client)
    visitor.open("/report")
    visitor.send({"short": "yes"})
    assert visitor.path == "/report/two-minutes"
    return visitor


def only_report(app: Flask) -> Report:
    return db.session.scalars(select(Report)).one()


def send(walker: Walker, **answers: object) -> None:
    usual: dict[str, object] = {"narrative": STORY, "identity_choice": "anonymous", "saved_code": "yes"}
    walker.send({**usual, **answers})


def test_a_report_takes_two_pages(app: Flask, walker: Walker) -> None:
    code = walker.receipt_code()
    send(walker)
    assert walker.path == "/report/done"
    with app.app_context():
        report = only_report(app)
        case = db.session.get_one(Case, report.case_id)
        assert report.receipt_mac == receipts.digest(receipts.parse(code))
        assert report.reporter_kind is ReporterKind.NOT_SAID
        assert report.identity_choice is IdentityChoice.ANONYMOUS
        assert (report.content.narrative, report.content.is_short) == (STORY, True)
        assert (case.title, case.authority_name) == ("Title not given", "Not known")
        assert "bond_gbp" in {row.fact_id for row in findings_of(report)}
        assert "reporter_is_mutual" not in {row.fact_id for row in list_facts(case)}
        db.session.remove()


def test_a_typical_report_of_either_form_stays_under_fifteen_pages(walker: Walker) -> None:
    """Pages as a visitor sees them, the first and the last included: a barrier, nobody named, every question asked."""
    seen = set()
    walker.start()
    seen.add(walker.path)

    def answer(**answers: object) -> None:
        walker.send(dict(answers))
        seen.add(walker.path)

    answer(body="english-public-body")
    answer(specific="yes", healthcare="no", recent="yes", legal="no", payment="no")
    answer(reporter_kind="small-business")
    answer(identity_choice="anonymous")
    answer(query="Borough of Nowhere at All")
    answer(choice="typed")
    answer(
        procurement_title="Community meals", contract_kind="services", estimated_value_gbp="£1,200,000", stage="live"
    )
    answer()
    answer(barriers=["bonds-and-guarantees"])
    answer(narrative=STORY)
    while walker.path not in ("/report/view", "/report/check"):
        answer(raised_with_buyer="no")
    answer_pages = {path for path in seen if path != "/report/done"}
    walker.open("/report/check")
    answer_pages.add(walker.path)
    assert len(answer_pages) < 15, sorted(answer_pages)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"narrative": "  "}, "Enter what happened"),
        ({"identity_choice": ""}, "Select how you want to be known"),
        ({"saved_code": []}, "Select that you have saved your receipt code"),
        ({"identity_choice": "confidential"}, "Enter an email address or a phone number, or choose to be anonymous"),
        ({"identity_choice": "named", "contact": "not one"}, "Enter an email address, like name@example.com"),
        (
            {"identity_choice": "named", "contact": "020 7946 0123", "wants_email": "yes"},
            "Enter an email address, so that we can tell you there is an update",
        ),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    app: Flask, walker: Walker, missing: dict[str, object], message: str
) -> None:
    send(walker, authority_text="Borough of Nowhere", **missing)
    assert message in walker.text
    assert walker.title.startswith("Error: ")
    assert "Borough of Nowhere" in walker.text
    with app.app_context():
        assert db.session.query(Report).count() == 0
        db.session.remove()


def test_somebody_known_is_kept_apart_and_somebody_anonymous_not_at_all(app: Flask, walker: Walker) -> None:
    send(walker, identity_choice="confidential", contact="joan@quillfeather.example", wants_email="yes")
    assert walker.path == "/report/done"
    other = Walker(app.test_client())
    other.open("/report")
    other.send({"short": "yes"})
    send(other, identity_choice="anonymous", contact="joan@quillfeather.example", wants_email="yes")
    with app.app_context():
        reports = {report.identity_choice: report for report in db.session.scalars(select(Report))}
        known = find_identity(reports[IdentityChoice.CONFIDENTIAL])
        assert known is not None
        assert (known.email, known.wants_email) == ("joan@quillfeather.example", True)
        assert find_identity(reports[IdentityChoice.ANONYMOUS]) is None
        db.session.remove()


def test_the_code_in_the_story_is_refused_with_the_text_kept_and_stored_nowhere(app: Flask, walker: Walker) -> None:
    code = walker.receipt_code()
    send(walker, narrative=f"My code is {code.lower()} so that I remember")
    assert "Remove your receipt code from the text" in walker.text
    assert "so that I remember" in walker.text
    with app.app_context():
        row = find_draft(UUID(walker.form()[1]["draft"][0]), clock.today())
        assert row is not None
        assert read_draft(row).answers.narrative == ""
        db.session.remove()


def test_a_short_report_can_be_put_off_and_found_again_by_its_code(app: Flask, walker: Walker) -> None:
    code = walker.receipt_code()
    walker.send({"narrative": "Half a sen", "later": "yes"})
    assert walker.path == "/report/save"
    elsewhere = Walker(app.test_client())
    elsewhere.open("/report/return")
    elsewhere.send({"code": code})
    assert elsewhere.path == "/report/two-minutes"
    assert "Half a sen" in elsewhere.text


def test_a_short_report_can_become_a_long_one_with_nothing_lost(walker: Walker) -> None:
    walker.send({"narrative": STORY, "authority_text": "Borough of Nowhere", "longer": "yes"})
    assert walker.path == "/report/tasks"
    walker.open("/report/what-happened")
    assert "£5,000,000" in walker.text
    walker.open("/report/authority")
    assert "Borough of Nowhere" in walker.text
    walker.open("/report/two-minutes")
    assert walker.path == "/report/tasks"


def test_pages_of_the_long_form_lead_a_short_report_to_its_page(walker: Walker) -> None:
    for path in ("/report/tasks", "/report/check", "/report/who-you-are", "/report/view", "/report/authority"):
        walker.open(path)
        assert walker.path == "/report/two-minutes"


def test_the_rest_is_asked_through_the_receipt_and_reaches_the_case(app: Flask, walker: Walker) -> None:
    code = walker.receipt_code()
    send(walker)
    walker.open("/receipt")
    walker.send({"code": code})
    assert "Check what we found in your words" in walker.text
    walker.open("/receipt/case/details")
    walker.send(
        {
            "reporter_kind": "mutual",
            "authority_text": "Borough of Nowhere",
            "procurement_title": "Community meals",
            "stage": "live",
            "barriers": ["bonds-and-guarantees"],
        }
    )
    assert walker.path == "/receipt/case"
    assert "We have your answers" in walker.text
    assert "/receipt/case/details" not in walker.text
    with app.app_context():
        report = only_report(app)
        case = db.session.get_one(Case, report.case_id)
        assert (case.title, case.authority_name) == ("Community meals", "Borough of Nowhere")
        assert report.reporter_kind is ReporterKind.MUTUAL
        assert "reporter_is_mutual" in {row.fact_id for row in list_facts(case)}
        db.session.remove()
    assert "Open for tenders now" in walker.text


def test_details_left_empty_do_nothing_and_stay_open(walker: Walker) -> None:
    code = walker.receipt_code()
    send(walker)
    walker.open("/receipt")
    walker.send({"code": code})
    walker.open("/receipt/case/details")
    walker.send()
    assert "You did not answer anything" in walker.text
    assert "/receipt/case/details" in walker.text


def test_a_long_report_is_not_asked_for_details(sent: Walker) -> None:
    sent.open("/receipt")
    sent.send({"code": sent.code})
    sent.open("/receipt/case/details")
    assert sent.path == "/receipt/case"


def test_a_short_report_has_one_page_that_must_be_saved() -> None:
    short = Answers(is_short=True)
    assert [page.slug for page in journey.pages(short, families())] == [journey.SHORT]
    assert journey.first_gap(short, families()) is not None
    assert journey.first_gap(replace(short, saved=(journey.SHORT,)), families()) is None


class TestLeavingAPage:
    """Whoever leaves a page of the long form keeps what they typed, finished or not."""

    def test_an_unfinished_page_is_kept_and_stays_open(self, at_barriers: Walker) -> None:
        at_barriers.open("/report/what-happened")
        at_barriers.send({"requirement": "A bond of ten", "steps": "yes"})
        assert at_barriers.path == "/report/tasks"
        at_barriers.open("/report/what-happened")
        assert "A bond of ten" in at_barriers.text
        at_barriers.open("/report/check")
        assert "Something is missing" in at_barriers.text

    def test_what_is_wrong_is_named_even_so(self, client: FlaskClient) -> None:
        walker = Walker(client)
        walker.go_to_barriers("confidential")
        walker.open("/report/contact")
        walker.send({"email": "not an address", "later": "yes"})
        assert walker.path == "/report/contact"
        assert "Enter an email address in the correct format" in walker.text

    def test_an_unanswered_question_leads_to_the_code_and_not_to_an_error(self, started: Walker) -> None:
        started.send({"later": "yes"})
        assert started.path == "/report/save"

    def test_a_name_without_a_choice_is_kept(self, at_barriers: Walker) -> None:
        at_barriers.open("/report/authority")
        at_barriers.send({"query": "Borough of Elsewhere", "later": "yes"})
        assert at_barriers.path == "/report/save"
        at_barriers.open("/report/authority")
        assert "Borough of Elsewhere" in at_barriers.text
