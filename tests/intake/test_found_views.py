"""The page that shows what was found in the reporter's words, and the questions after it."""

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.cases.models import Case, CaseFact, FactSource
from mystery_shopper.core.db import db
from tests.intake.conftest import Walked
from tests.intake.walking import REQUIREMENT, Walker

HOSTILE = "Bidders must lodge a <script>alert(1)</script> performance bond of <b>£5 million</b>."


@pytest.fixture
def found_page(walked: Walked) -> Walker:
    """A walker before the page of findings, with a bond of five million pounds found."""

    def tell(walker: Walker) -> None:
        walker.go_to_barriers()
        walker.send({"barriers": ["bonds-and-guarantees"]})
        walker.send({"requirement": REQUIREMENT, "narrative": "No surety will write it."})
        assert walker.path == "/report/found"

    return walked("bond found", tell)


def stored(app: Flask) -> dict[str, CaseFact]:
    """The facts of the only case."""
    with app.app_context():
        return {row.fact_id: row for row in db.session.scalars(select(CaseFact))}


def finish(walker: Walker) -> None:
    """Answer what is left with as little as possible, and send."""
    for _ in range(4):
        if walker.path == "/report/raised":
            walker.send({"raised_with_buyer": "no"})
        elif walker.path != "/report/view":
            walker.send()
    walker.open("/report/check")
    walker.send({"saved_code": "yes"})
    assert walker.path == "/report/done"


def test_the_words_are_marked_and_nothing_is_chosen(found_page: Walker) -> None:
    assert "<mark>" in found_page.text
    assert "£5,000,000" in found_page.text
    _, fields = found_page.form()
    assert not any(name.startswith("said_") for name in fields)


def test_the_page_can_be_passed_and_the_finding_goes_to_the_case_unconfirmed(app: Flask, found_page: Walker) -> None:
    found_page.send()
    assert found_page.path == "/report/barrier-bonds-and-guarantees"
    finish(found_page)

    bond = stored(app)["bond_gbp"]
    assert (bond.source, bond.is_confirmed) == (FactSource.EXTRACTED, False)


def test_a_confirmed_finding_goes_to_the_case_with_its_words(app: Flask, found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "right"})
    finish(found_page)

    bond = stored(app)["bond_gbp"]
    assert (bond.source, bond.is_confirmed) == (FactSource.EXTRACTED, True)
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert "five million pounds" in db.session.get_one(CaseFact, bond.id).quoted(case.data_key)


def test_a_corrected_finding_is_what_the_reporter_typed(app: Flask, found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "changed", "value_bond_gbp": "4,000,000"})
    finish(found_page)

    bond = stored(app)["bond_gbp"]
    assert (bond.source, bond.is_confirmed) == (FactSource.TYPED, True)


def test_a_finding_about_something_else_is_no_fact_of_the_case(app: Flask, found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "not"})
    finish(found_page)

    assert "bond_gbp" not in stored(app)


def test_a_correction_without_a_value_is_an_error_at_the_field(found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "changed"})

    assert found_page.title.startswith("Error: ")
    assert 'href="#value_bond_gbp"' in found_page.text


def test_what_stands_in_a_field_that_was_not_asked_for_is_left_aside(found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "right", "value_bond_gbp": "lots"})

    assert found_page.path == "/report/barrier-bonds-and-guarantees"


def test_a_decision_that_was_not_offered_is_refused(found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "perhaps"})

    assert found_page.title.startswith("Error: ")


def test_a_finding_that_was_not_shown_cannot_be_stated(found_page: Walker) -> None:
    found_page.send({"said_public_liability_gbp": "right", "value_public_liability_gbp": "1"})
    found_page.open("/report/check")

    assert "Public liability" not in found_page.text


def test_markup_in_the_words_is_shown_as_text(at_barriers: Walker) -> None:
    at_barriers.send({"barriers": ["bonds-and-guarantees"]})
    at_barriers.send({"narrative": HOSTILE})

    assert at_barriers.path == "/report/found"
    assert "<script>alert" not in at_barriers.text
    assert "&lt;script&gt;" in at_barriers.text


def test_what_was_said_stands_on_the_page_when_it_is_opened_again(found_page: Walker) -> None:
    found_page.send({"said_bond_gbp": "right"})
    found_page.open("/report/found")

    assert found_page.form()[1]["said_bond_gbp"] == ["right"]


def test_the_answers_list_what_was_found_and_what_was_said(found_page: Walker) -> None:
    found_page.send()
    found_page.open("/report/check")

    assert "Found in your words, not confirmed" in found_page.text


def test_an_unconfirmed_finding_raises_no_flag_on_the_spot(found_page: Walker) -> None:
    found_page.send()
    found_page.open("/report/view")
    assert 'data-rule="FIN-BOND"' not in found_page.text.split("We need to know more")[0]

    found_page.open("/report/found")
    found_page.send({"said_bond_gbp": "right"})
    found_page.open("/report/view")
    assert 'data-rule="FIN-BOND"' in found_page.text.split("We need to know more")[0]
