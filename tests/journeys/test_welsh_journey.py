"""A report written wholly in Welsh: the language is switched with answers typed, and staff read English of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.cases.models import Report
from mystery_shopper.core.db import db
from tests.intake.walking import VALUE, Walker

ENGLISH_PHRASES = (
    "Save and continue",
    "There is a problem",
    "Select ",
    "Your receipt code",
    "What happened",
    "Change<",
)
WELSH_PAGE = '<html lang="cy"'


def assert_welsh(walker: Walker) -> None:
    """Fail where a page is not in Welsh, or has English of ours on it."""
    assert WELSH_PAGE in walker.text, walker.path
    left = [phrase for phrase in ENGLISH_PHRASES if phrase in walker.text]
    assert not left, (walker.path, left)


@pytest.mark.sqlite
def test_a_report_is_filed_in_welsh_with_the_language_switched_on_the_way(app: Flask, client: FlaskClient) -> None:
    walker = Walker(client)
    walker.start()
    walker.send({"body": "english-public-body"})
    walker.send({"specific": "yes", "healthcare": "no", "language": "cy"})
    assert walker.path == "/report/scope-checks"
    assert_welsh(walker)
    assert walker.form()[1]["specific"] == ["yes"], "what was chosen came along"
    walker.send({"specific": "yes", "healthcare": "no", "recent": "yes", "legal": "no", "payment": "no"})
    for answers in (
        {},
        {"reporter_kind": "mutual"},
        {"identity_choice": "anonymous"},
        {"query": "Cyngor Dim Unman"},
        {"choice": "typed"},
        {"procurement_title": "Prydau cymunedol", "stage": "live", **VALUE},
        {"learnt_on-day": "40"},
        {"learnt_on-day": "3", "learnt_on-month": "6", "learnt_on-year": "2025"},
        {"barriers": ["bonds-and-guarantees"]},
        {"narrative": "Mae hyn yn ein cadw allan."},
    ):
        walker.send(answers)
        assert_welsh(walker)
    for path in ("raised", "view", "tasks", "evidence", "notice", "save", "slip", "paper"):
        walker.open(f"/report/{path}")
        assert_welsh(walker)
    walker.open("/report/check")
    assert_welsh(walker)
    assert len(walker.receipt_code().replace(" ", "")) == 27
    walker.send({})
    assert "Mae problem" in walker.text
    walker.send({"saved_code": "yes"})
    assert walker.path == "/report/done"
    assert "Mae eich adroddiad gennym" in walker.text
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        assert report.language == "cy"
        assert report.content.narrative == "Mae hyn yn ein cadw allan."
