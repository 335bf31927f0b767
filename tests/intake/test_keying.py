"""Staff key in a report from phone, letter or email, and hand over a receipt code that is shown once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.events import ReportFiled
from mystery_shopper.cases.models import Case, Channel, IdentityChoice, Report, ReporterKind
from mystery_shopper.cases.queries import find_identity, list_events, list_facts
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import db
from tests.casework.pages import whole_case
from tests.factories.staff import Member, add_member
from tests.intake.conftest import Walked
from tests.intake.walking import Walker
from tests.support.desks import open_desk
from tests.support.standing import Standing


def answers(came_on: date, **others: object) -> dict[str, object]:
    """Return what a caseworker types."""
    usual: dict[str, object] = {
        "channel": "phone",
        "received_on-day": str(came_on.day),
        "received_on-month": str(came_on.month),
        "received_on-year": str(came_on.year),
        "reporter_kind": "mutual",
        "identity_choice": "confidential",
        "agreed": "yes",
        "name": "Joan Pargeter",
        "email": "joan@quillfeather.example",
        "query": "Borough of Nowhere at All",
        "choice": "typed",
        "procurement_title": "Community meals",
        "estimated_value_gbp": "£1,200,000",
        "barriers": ["bonds-and-guarantees"],
        "narrative": "They want a performance bond of £5,000,000.",
    }
    return {**usual, **others}


FOR_A_MEMBER = {
    "reporter_kind": "trade-body",
    "trade_body": "Quillers Federation",
    "mandate": "To report the bond and to answer your questions.",
    "has_mandate": "yes",
    "member_choice": "confidential",
    "member": "Quillfeather Care Mutual Ltd",
}


def add_caseworker(app: Flask) -> Member:
    with app.app_context():
        return add_member(Role.CASEWORKER)


@pytest.fixture
def desk(app: Flask, standing: Standing) -> Walker:
    """A caseworker with the page open."""
    walker = Walker(open_desk(app, standing.get(app, "a caseworker", add_caseworker)))
    walker.open("/cases/new")
    return walker


def send(desk: Walker, **others: object) -> None:
    number = next(i for i in range(9) if desk.form(i)[0] == "/cases/new")
    desk.send(answers(clock.today() - timedelta(days=3), **others), number=number)


def test_a_call_becomes_a_case_with_who_keyed_it_and_when_it_came(app: Flask, desk: Walker) -> None:
    send(desk)
    assert desk.path == "/cases/new/letter"
    code = desk.receipt_code()
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        case = db.session.get_one(Case, report.case_id)
        assert report.receipt_mac == receipts.digest(receipts.parse(code))
        assert (report.channel, report.reporter_kind) == (Channel.PHONE, ReporterKind.MUTUAL)
        assert report.received_on == case.received_on == clock.today() - timedelta(days=3)
        known = find_identity(report)
        assert known is not None
        assert known.email == "joan@quillfeather.example"
        assert {"estimated_value_gbp", "reporter_is_mutual"} <= {row.fact_id for row in list_facts(case)}
        filed = [row for row in list_events(case) if row.tag == ReportFiled.tag]
        assert len(filed) == 1
        sentence = filed[0].to_event(case.data_key).sentence()
        assert "Report received by phone on" in sentence
        assert "keyed in by" in sentence
        assert filed[0].actor.startswith("user:")
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "report:filed")).one()
        assert entry.actor == filed[0].actor
        db.session.remove()
    reporter = Walker(app.test_client())
    reporter.open("/receipt")
    reporter.send({"code": code})
    assert reporter.path == "/receipt/case"
    assert "We received your report." in reporter.text
    assert "keyed in" not in reporter.text


def test_the_code_is_shown_until_it_is_handed_over_and_never_again(desk: Walker) -> None:
    send(desk)
    code = desk.receipt_code()
    desk.open("/cases/new/letter")
    assert desk.receipt_code() == code
    number = next(i for i in range(9) if desk.form(i)[0] == "/cases/new/letter")
    desk.send(number=number)
    assert desk.path.startswith("/cases/MS-")
    assert code.split()[0] not in desk.text
    desk.open("/cases/new/letter")
    assert desk.path == "/cases/new"


def test_the_form_sent_twice_is_one_case(app: Flask, desk: Walker) -> None:
    number = next(i for i in range(9) if desk.form(i)[0] == "/cases/new")
    action, fields = desk.form(number)
    sent = {**fields, **answers(clock.today())}
    for _ in range(2):
        assert desk.client.post(action, data=sent).status_code == 302
    with app.app_context():
        assert db.session.query(Case).count() == 1
        db.session.remove()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"channel": ""}, "Select how it came"),
        ({"received_on-year": "2999"}, "The day it came must be"),
        ({"agreed": []}, "Select that the reporter chose how to be known"),
        ({"identity_choice": "anonymous"}, "Take out the name and contact details"),
        ({"email": "", "phone": ""}, "Enter an email address or a phone number below"),
        ({"narrative": ""}, "Enter what happened"),
        ({"choice": ""}, "Select the buyer, or the name as typed"),
        ({**FOR_A_MEMBER, "has_mandate": []}, "Select that the member has agreed"),
        ({**FOR_A_MEMBER, "mandate": ""}, "Enter what the member has asked it to do"),
        ({**FOR_A_MEMBER, "member_choice": "anonymous"}, "Take out the names of the member"),
        ({**FOR_A_MEMBER, "member": ""}, "Enter the name of the member"),
        ({"email": "no address"}, "Enter an email address in the correct format"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    app: Flask, desk: Walker, wrong: dict[str, object], message: str
) -> None:
    send(desk, **wrong)
    assert message in desk.text
    assert "Community meals" in desk.text
    with app.app_context():
        assert db.session.query(Case).count() == 0
        db.session.remove()


def test_searching_for_the_buyer_keeps_what_is_typed_and_finds_no_fault(desk: Walker) -> None:
    send(desk, search="yes", narrative="Half a", channel="")
    assert "There is a problem" not in desk.text
    assert "Half a" in desk.text
    assert "Use the name as typed: Borough of Nowhere at All" in desk.text


def test_a_trade_body_that_phones_for_a_member_is_kept_as_on_the_journey(app: Flask, desk: Walker) -> None:
    send(desk, **FOR_A_MEMBER, identity_choice="anonymous", name="", email="")
    assert desk.path == "/cases/new/letter"
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        identity = find_identity(report)
        assert identity is not None
        assert (identity.trade_body, identity.member) == ("Quillers Federation", "Quillfeather Care Mutual Ltd")
        assert report.content.mandate == FOR_A_MEMBER["mandate"]
        assert report.content.member_choice == "confidential"
        reference = db.session.scalars(select(Case)).one().reference
        db.session.remove()
    page = whole_case(desk.client, reference)
    assert "Quillfeather" not in page, "sealed for staff too"
    assert FOR_A_MEMBER["mandate"] in page


def test_an_anonymous_caller_leaves_nothing_of_who_they_are(app: Flask, desk: Walker) -> None:
    send(desk, identity_choice="anonymous", name="", email="", reporter_kind="not-said")
    assert desk.path == "/cases/new/letter"
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        assert report.identity_choice is IdentityChoice.ANONYMOUS
        assert find_identity(report) is None
        db.session.remove()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PUBLISHER, Role.ADMINISTRATOR])
def test_only_those_who_work_on_cases_key_them_in(signed_in: Callable[..., FlaskClient], role: Role) -> None:
    assert signed_in(role).get("/cases/new").status_code == 403


def test_the_list_of_cases_leads_there(desk: Walker) -> None:
    desk.open("/cases")
    assert 'href="/cases/new"' in desk.text


class TestPaper:
    def test_every_question_of_the_journey_is_on_the_paper(self, client: FlaskClient, walked: Walked) -> None:
        paper = client.get("/report/paper").text
        walker = walked("at barriers in confidence", lambda walker: walker.go_to_barriers("confidential"))
        for slug in ("who-you-are", "contact", "procurement", "dates", "raised", "scope-checks"):
            walker.open(f"/report/{slug}")
            labels = [part.split("</label>")[0].split(">")[-1].strip() for part in walker.text.split("<label ")[1:]]
            missing = [label for label in labels if label not in paper and label not in ("Day", "Month", "Year")]
            assert not missing, (slug, missing)

    def test_it_is_public_and_asks_for_each_barrier(self, client: FlaskClient) -> None:
        page = client.get("/report/paper")
        assert page.status_code == 200
        for title in ("Bonds and guarantees", "Certificates", "For whom do you report?"):
            assert title in page.text
