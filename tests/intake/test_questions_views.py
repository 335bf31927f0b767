"""Questions a reporter answers through the receipt, and questions staff put to a reporter."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.cases.asking import asked_of, facts_stated_by, findings_of
from mystery_shopper.cases.models import Case, CaseFact, FactSource, Flag, Report
from mystery_shopper.cases.queries import list_events
from mystery_shopper.cases.services import NewFact
from mystery_shopper.core.db import db, transaction
from tests.casework.pages import Desk
from tests.factories.reports import BOND_FACTS, Filed, add_report
from tests.intake.walking import Walker
from tests.support.standing import Standing

FOUND_BOND = NewFact(
    fact_id="bond_gbp",
    value={"amount": "5000000.00", "currency": "GBP"},
    source=FactSource.EXTRACTED,
    is_confirmed=False,
    quoted="a performance bond of five million pounds",
)
STATED = {name: value for name, value in BOND_FACTS.items() if name != "bond_gbp"}


def file_found(app: Flask) -> Filed:
    with app.app_context(), transaction():
        return add_report(facts=STATED, found=(FOUND_BOND,))


@pytest.fixture
def filed(app: Flask, standing: Standing) -> Filed:
    """A report in which a bond was found that its reporter has not confirmed."""
    return standing.get(app, "a report with a bond found", file_found)


@pytest.fixture
def walker(client: FlaskClient, filed: Filed) -> Walker:
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    return walker


def facts_in_force(app: Flask, filed: Filed) -> dict[str, CaseFact]:
    with app.app_context():
        rows = db.session.scalars(select(CaseFact).where(CaseFact.case_id == filed.case_id, CaseFact.is_current))
        return {row.fact_id: row for row in rows}


def raised(app: Flask, filed: Filed) -> set[str]:
    with app.app_context():
        flags = db.session.scalars(select(Flag).where(Flag.case_id == filed.case_id, Flag.is_current))
        return {flag.rule_id for flag in flags if flag.outcome == "raised"}


def count_events(app: Flask, filed: Filed) -> int:
    with app.app_context():
        return len(list_events(db.session.get_one(Case, filed.case_id)))


def test_a_finding_is_confirmed_later_and_the_rules_are_applied_again(app: Flask, filed: Filed, walker: Walker) -> None:
    assert "FIN-BOND" not in raised(app, filed)
    assert "Check what we found in your words" in walker.text

    walker.open("/receipt/case/findings")
    assert "<mark>" in walker.text
    walker.send({"said_bond_gbp": "right"})

    assert "We have your answers" in walker.text
    assert "Check what we found" not in walker.text
    bond = facts_in_force(app, filed)["bond_gbp"]
    assert (bond.is_confirmed, bond.source) == (True, FactSource.EXTRACTED)
    assert "FIN-BOND" in raised(app, filed)


def test_a_finding_turned_down_is_open_to_nobody(app: Flask, filed: Filed, walker: Walker) -> None:
    walker.open("/receipt/case/findings")
    walker.send({"said_bond_gbp": "not"})

    assert "bond_gbp" not in facts_in_force(app, filed)
    assert "Check what we found" not in walker.text
    with app.app_context():
        assert not findings_of(db.session.get_one(Report, filed.report_id))


def test_a_correction_without_a_value_is_an_error_at_the_field(walker: Walker) -> None:
    walker.open("/receipt/case/findings")
    walker.send({"said_bond_gbp": "changed"})

    assert walker.title.startswith("Error: ")
    assert 'href="#value_bond_gbp"' in walker.text


def test_nothing_answered_changes_nothing(app: Flask, filed: Filed, walker: Walker) -> None:
    before = count_events(app, filed)
    walker.open("/receipt/case/findings")
    walker.send()

    assert "You did not answer anything" in walker.text
    assert count_events(app, filed) == before


def test_a_question_of_staff_is_answered(app: Flask, filed: Filed, signed_in: Callable[..., FlaskClient]) -> None:
    desk = Desk(signed_in("caseworker"), filed.case_reference)
    assert "Ask the reporter" in desk.see("facts/bond_on_demand")
    desk.send("facts/bond_on_demand/ask", {})
    with app.app_context():
        assert asked_of(db.session.get_one(Report, filed.report_id)) == ("bond_on_demand",)

    walker = Walker(app.test_client())
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    assert "We asked you a question." in walker.text
    walker.open("/receipt/case/questions")
    walker.send({"bond_on_demand": "yes"})

    with app.app_context():
        report = db.session.get_one(Report, filed.report_id)
        assert facts_stated_by(report)["bond_on_demand"] is True
        assert asked_of(report) == ()
    assert "The reporter answered" in desk.see("timeline")


def test_what_the_reporter_does_not_know_is_not_asked_again(app: Flask, filed: Filed, walker: Walker) -> None:
    walker.open("/receipt/case/questions")
    offered = re.findall(r'name="([a-z_]+)" type="radio" value="unsure"', walker.text)
    assert offered
    walker.send({offered[0]: "unsure"})
    walker.open("/receipt/case/questions")

    assert f'name="{offered[0]}"' not in walker.text


def test_questions_need_an_open_receipt(client: FlaskClient, filed: Filed) -> None:
    for path in ("/receipt/case/findings", "/receipt/case/questions"):
        assert client.get(path).headers["Location"].endswith("/receipt"), filed


def test_a_withdrawn_report_has_no_questions(walker: Walker) -> None:
    walker.open("/receipt/case/withdraw")
    walker.send()

    assert "Questions we still have" not in walker.text
    walker.open("/receipt/case/findings")
    assert walker.path == "/receipt/case"
