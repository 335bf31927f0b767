"""Questions through the receipt in a case that others have spoken in too: other reporters, staff, whoever forges."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.asking import asked_of, facts_stated_by, findings_of
from mystery_shopper.cases.models import Case, FactSource, Report
from mystery_shopper.cases.queries import find_join, list_facts, list_findings
from mystery_shopper.cases.services import NewFact, undo_join
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.intake.asking import open_questions
from mystery_shopper.similarity.queries import differences
from tests.casework.pages import Desk
from tests.factories.reports import POUNDS, Filed, add_report
from tests.factories.staff import add_member
from tests.intake.walking import Walker
from tests.similarity.joined import advance, case_of, join
from tests.support.standing import Standing

ATTACK = 'Bidders must lodge a bond of <script>alert("x")</script> five million pounds. <b>'
OTHERS_BOND = 4_000_000 * POUNDS
STATED = {"estimated_value_gbp": 1_200_000 * POUNDS, "procurement_start_date": date(2025, 6, 1)}
FOUND_BOND = NewFact(
    fact_id="bond_gbp",
    value={"amount": "5000000.00", "currency": "GBP"},
    source=FactSource.EXTRACTED,
    is_confirmed=False,
    quoted="a performance bond of five million pounds",
)
FINDINGS = "/receipt/case/findings"
QUESTIONS = "/receipt/case/questions"


class Scene(NamedTuple):
    """Two reports of one requirement, and who works on them."""

    first: Filed
    second: Filed
    worker: StaffMember


def make_scene(app: Flask) -> Scene:
    with app.app_context():
        with transaction():
            first = add_report(facts={**STATED, "bond_gbp": OTHERS_BOND, "min_years_accounts": 7})
            second = add_report(facts=STATED, found=(FOUND_BOND,))
        worker = get_user(add_member(Role.SENIOR_CASEWORKER).id).to_staff_member()
        db.session.remove()
    return Scene(first, second, worker)


def join_both(app: Flask) -> Scene:
    scene = make_scene(app)
    with app.app_context(), transaction():
        kept = case_of(scene.first)
        advance(kept, CaseState.ACKNOWLEDGED, CaseState.TRIAGE)
        join(kept, case_of(scene.second), scene.worker)
    return scene


@pytest.fixture
def scene(app: Flask, standing: Standing, request: pytest.FixtureRequest) -> Scene:
    """The two reports; joined already in a test that asks for `joined`."""
    is_joined = "joined" in request.fixturenames
    return standing.get(app, f"two reports with questions, joined: {is_joined}", join_both if is_joined else make_scene)


@pytest.fixture
def worker(scene: Scene) -> StaffMember:
    return scene.worker


@pytest.fixture
def first(scene: Scene) -> Filed:
    """A report that states another bond."""
    return scene.first


@pytest.fixture
def second(scene: Scene) -> Filed:
    """A report in which a bond was found that its reporter has not confirmed."""
    return scene.second


@pytest.fixture
def joined(scene: Scene) -> Filed:
    """The second report, joined to the case of the first."""
    return scene.second


def enter(app: Flask, filed: Filed) -> Walker:
    walker = Walker(app.test_client())
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    return walker


def bond_of(case: Case) -> object:
    """The bond in force in a case."""
    return next((row.value_json(case.data_key) for row in list_facts(case) if row.fact_id == "bond_gbp"), None)


class TestAnotherReporter:
    def test_what_one_stated_is_still_asked_of_the_other(self, app: Flask, joined: Filed) -> None:
        walker = enter(app, joined)
        walker.open(FINDINGS)

        assert "£5,000,000" in walker.text
        assert "4,000,000" not in walker.text

    def test_the_answer_of_one_does_not_displace_that_of_the_other_and_staff_see_both(
        self, app: Flask, first: Filed, joined: Filed
    ) -> None:
        walker = enter(app, joined)
        walker.open(FINDINGS)
        walker.send({"said_bond_gbp": "right"})

        with app.app_context():
            kept = case_of(first)
            assert bond_of(kept) == {"amount": "4000000.00", "currency": "GBP"}
            assert facts_stated_by(db.session.get_one(Report, joined.report_id))["bond_gbp"] == FOUND_BOND.value
            bond = next(one for one in differences(kept) if one.fact_id == "bond_gbp")
            assert {words for _, words in bond.said} == {"£4,000,000", "£5,000,000"}

    def test_the_answer_of_one_whom_staff_asked_counts(
        self, app: Flask, first: Filed, joined: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("senior-caseworker"), first.case_reference)
        with app.app_context():
            key = str(joined.report_id)
        assert desk.send("facts/min_years_accounts/ask", {"report": key}).status_code == 302
        walker = enter(app, joined)
        walker.open(QUESTIONS)
        walker.send({"min_years_accounts": "3"})

        with app.app_context():
            kept = case_of(first)
            years = next(row for row in list_facts(kept) if row.fact_id == "min_years_accounts")
            assert years.value_json(kept.data_key) == 3
            assert years.report_id == joined.report_id

    def test_a_question_put_to_one_is_not_put_to_the_other(
        self, app: Flask, first: Filed, joined: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("senior-caseworker"), first.case_reference)
        with app.app_context():
            desk.send("facts/min_years_accounts/ask", {"report": str(joined.report_id)})
            assert asked_of(db.session.get_one(Report, first.report_id)) == ()
            assert "min_years_accounts" not in open_questions(db.session.get_one(Report, first.report_id)).fact_ids

        assert "We asked you a question." in enter(app, joined).text
        assert "We asked you a question." not in enter(app, first).text

    def test_one_must_be_chosen_where_there_are_two(
        self, first: Filed, joined: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("senior-caseworker"), first.case_reference)

        assert "Select which reporter to ask" in desk.send("facts/bond_gbp/ask", {}).text
        assert desk.send("facts/bond_gbp/ask", {"report": str(first.case_id)}).status_code == 400, joined

    def test_a_finding_not_confirmed_is_no_difference_between_reporters(
        self, app: Flask, first: Filed, joined: Filed
    ) -> None:
        with app.app_context():
            assert "bond_gbp" not in {one.fact_id for one in differences(case_of(first))}, joined

    def test_a_finding_goes_home_open_when_the_join_is_undone(
        self, app: Flask, joined: Filed, worker: StaffMember
    ) -> None:
        with app.app_context(), transaction():
            made = find_join(case_of(joined))
            assert made is not None
            undo_join(
                made,
                kept_version=made.kept.version,
                joined_version=made.joined.version,
                reason="Two tenders",
                undoer=worker,
                now=clock.utc_now(),
            )

        with app.app_context():
            assert [row.fact_id for row in list_findings(case_of(joined))] == ["bond_gbp"]
            assert [row.fact_id for row in findings_of(db.session.get_one(Report, joined.report_id))] == ["bond_gbp"]


class TestStaff:
    def test_what_staff_recorded_is_not_asked_and_their_name_stands_beside_it(
        self, app: Flask, second: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("caseworker"), second.case_reference)
        desk.send("facts/bond_gbp", {"value": "5,000,000", "origin": "Tender pack, page 4"})

        assert "Recorded by Robin Example" in desk.see()
        walker = enter(app, second)
        assert "Check what we found in your words" not in walker.text
        walker.open(FINDINGS)
        assert walker.path == "/receipt/case"

    def test_only_facts_that_reporters_know_can_be_put_to_them(
        self, second: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("caseworker"), second.case_reference)

        assert "Ask the reporter" not in desk.see("facts/authority_class_pa23")
        assert desk.client.get(desk.url("facts/authority_class_pa23/ask")).status_code == 404
        assert desk.client.get(desk.url("facts/made_up/ask")).status_code == 404

    def test_a_question_is_put_once_while_it_is_open(
        self, second: Filed, signed_in: Callable[..., FlaskClient]
    ) -> None:
        desk = Desk(signed_in("caseworker"), second.case_reference)
        for _ in range(2):
            desk.send("facts/bond_on_demand/ask", {})
            desk.see()

        assert desk.see("timeline").count("Question put to the reporter") == 1


class TestHostile:
    def test_a_finding_that_is_not_open_cannot_be_answered(self, app: Flask, second: Filed) -> None:
        walker = enter(app, second)
        walker.open(FINDINGS)
        walker.send({"said_min_years_accounts": "right", "said_public_liability_gbp": "changed"})

        assert "You did not answer anything" in walker.text
        with app.app_context():
            known = facts_stated_by(db.session.get_one(Report, second.report_id))
            assert set(known) == set(STATED)

    def test_a_fact_that_was_not_asked_cannot_be_stated(self, app: Flask, second: Filed) -> None:
        walker = enter(app, second)
        walker.open(QUESTIONS)
        walker.send({"is_healthcare_service": "yes", "bond_gbp": "1", "nonsense": "1"})

        assert "You did not answer anything" in walker.text

    def test_markup_in_the_words_is_shown_as_text(self, app: Flask, file_report: Callable[..., Filed]) -> None:
        hostile = file_report(facts=STATED, found=(FOUND_BOND,), requirement=ATTACK)
        walker = enter(app, hostile)
        walker.open(FINDINGS)

        assert walker.path == FINDINGS
        assert "<script>alert" not in walker.text
        assert "&lt;script&gt;" in walker.text

    def test_an_answer_from_an_old_page_is_not_taken_twice(self, app: Flask, second: Filed) -> None:
        one, other = enter(app, second), enter(app, second)
        for walker in (one, other):
            walker.open(FINDINGS)
        one.send({"said_bond_gbp": "right"})
        other.send({"said_bond_gbp": "not"})

        assert other.path == "/receipt/case"
        with app.app_context():
            assert bond_of(case_of(second)) == FOUND_BOND.value


def test_the_page_says_what_each_answer_decides(app: Flask, second: Filed) -> None:
    walker = enter(app, second)
    walker.open(FINDINGS)
    walker.send({"said_bond_gbp": "right"})
    walker.open(QUESTIONS)

    assert "This helps to decide:" in walker.text


def test_what_we_hold_tells_stated_from_found(app: Flask, second: Filed) -> None:
    walker = enter(app, second)
    walker.open("/receipt/case/held")
    assert "£5,000,000 (found in your words, not confirmed by you)" in walker.text

    walker.open(FINDINGS)
    walker.send({"said_bond_gbp": "right"})
    walker.open("/receipt/case/held")
    assert "£5,000,000" in walker.text
    assert "not confirmed by you" not in walker.text


def test_nothing_is_asked_once_the_case_is_closed(
    app: Flask, second: Filed, signed_in: Callable[..., FlaskClient]
) -> None:
    desk = Desk(signed_in("senior-caseworker"), second.case_reference)
    desk.move("acknowledged", "triage", "out-of-scope")
    desk.move("closed", close_anyway="yes")

    assert "Questions we still have" not in enter(app, second).text
