"""A trade body reports for a member: both names are known to the gate, one of them to nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Case, Origin, Report
from mystery_shopper.cases.queries import find_identity
from mystery_shopper.core.db import db
from tests.casework.pages import whole_case
from tests.intake.conftest import Walked
from tests.intake.walking import Walker

BODY = "Federation of Larkshire Caterers"
MEMBER = "Zephyrbrook Meals Ltd, Zephyrbrook Kitchens"
ANSWERS: dict[str, object] = {
    "trade_body": BODY,
    "mandate": "To report the bond, and to answer your questions.",
    "has_mandate": "yes",
    "member_choice": "confidential",
    "member": MEMBER,
}


@pytest.fixture
def walker(walked: Walked) -> Walker:
    """A trade body on the page about its member."""

    def go_to_member(walker: Walker) -> None:
        walker.start()
        walker.pass_scope()
        walker.send({"reporter_kind": "trade-body"})
        assert walker.path == "/report/member"

    return walked("at the member", go_to_member)


def send_report(walker: Walker, **member: object) -> None:
    """Answer the rest and send the report, anonymously."""
    walker.send({**ANSWERS, **member})
    walker.send({"identity_choice": "anonymous"})
    walker.send({"query": "Borough of Nowhere at All"})
    walker.send({"choice": "typed"})
    walker.send({"procurement_title": "Meals", "stage": "live"})
    walker.send()
    walker.send({"barriers": ["bonds-and-guarantees"]})
    walker.send({"narrative": "The bond keeps us out."})
    walker.open("/report/check")
    assert "Something is missing" not in walker.text
    walker.send({"saved_code": "yes"})
    assert walker.path == "/report/done"


def only_case() -> tuple[Case, Report]:
    report = db.session.scalars(select(Report)).one()
    return db.session.get_one(Case, report.case_id), report


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"trade_body": ""}, "Enter the name of the trade body"),
        ({"mandate": " "}, "Enter what the member has asked you to do"),
        ({"has_mandate": []}, "Select that the member has agreed"),
        ({"member_choice": ""}, "Select how the member wants to be known"),
        ({"member": ""}, "Enter the name of the member"),
    ],
)
def test_each_answer_is_needed(walker: Walker, missing: dict[str, object], message: str) -> None:
    walker.send({**ANSWERS, **missing})
    assert message in walker.text


def test_both_names_are_kept_apart_and_the_gate_stops_them(app: Flask, walker: Walker) -> None:
    send_report(walker)
    with app.app_context():
        case, report = only_case()
        assert case.origin is Origin.TRADE_BODY
        known = find_identity(report)
        assert known is not None
        assert (known.trade_body, known.member, known.email) == (BODY, MEMBER, "")
        assert report.content.trade_body == BODY
        for text in ("as Zephyrbrook Kitchens told us", "the FEDERATION of larkshire caterers wrote", "zephyrbrook"):
            with pytest.raises(DisclosureError):
                check_texts(case, {"body": text})
        check_texts(case, {"body": "The bond is five million pounds."})
        db.session.remove()


def test_no_name_of_an_anonymous_member_is_kept(app: Flask, walker: Walker) -> None:
    send_report(walker, member_choice="anonymous")
    with app.app_context():
        known = find_identity(only_case()[1])
        assert known is not None
        assert known.member == ""
        db.session.remove()


def test_the_caseworker_sees_the_body_and_its_mandate_and_never_the_member(
    app: Flask, walker: Walker, signed_in
) -> None:
    send_report(walker)
    with app.app_context():
        reference = only_case()[0].reference
        db.session.remove()
    page = whole_case(signed_in(Role.CASEWORKER), reference)
    assert BODY in page
    assert "To report the bond, and to answer your questions." in page
    assert "Zephyrbrook" not in page


def test_somebody_who_is_no_trade_body_after_all_leaves_no_names(app: Flask, walker: Walker) -> None:
    walker.send(ANSWERS)
    walker.open("/report/who-you-are")
    walker.send({"reporter_kind": "small-business"})
    assert walker.path == "/report/how-to-be-known"
    walker.open("/report/check")
    assert BODY not in walker.text
