"""The public page of figures: what it counts, what it hides, and what it never says."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case, FeedbackQuestion, FeedbackTally, Origin
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.models import OutcomeCode, Upheld
from mystery_shopper.interventions.services import NewOutcome, record_outcome
from mystery_shopper.statistics.tables import load_statistics
from tests.architecture.test_query_counts import statements
from tests.factories.reports import add_report
from tests.factories.staff import Member, add_member

DAY = datetime(2025, 5, 1, 12, tzinfo=UTC)
TODAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
EARLIER = datetime(2024, 9, 2, 12, tzinfo=UTC)
PENCE = 1_240_000


def conclude(case: Case, member: Member, *, upheld: Upheld, days: int) -> None:
    """Record a positive outcome with money some days after receipt."""
    new = NewOutcome(
        submission_id=uuid4(),
        code=OutcomeCode.PAYMENT_RELEASED,
        upheld=upheld,
        positive=True,
        reached_on=case.received_on + timedelta(days=days),
        summary="Paid.",
        basis_fact_id="paid_date",
        after=date(2025, 6, 1),
        money_freed_pence=PENCE,
    )
    person = get_user(member.id).to_staff_member()
    record_outcome(case, new, version=case.version, recorder=person, now=clock.utc_now())


@pytest.fixture
def counted(app: Flask) -> Flask:
    """Seven concerns of 2025-26, six with a result (one not upheld), two of the year before, one not counted."""
    with app.app_context():
        member = add_member(Role.CASEWORKER)
        with transaction() as session:
            for moment, number in ((EARLIER, 2), (DAY, 8)):
                with clock.frozen(moment):
                    filed = [add_report() for _ in range(number)]
            cases = [session.get_one(Case, one.case_id) for one in filed]
            cases[7].origin = Origin.SPOT_CHECK
            with clock.frozen(TODAY):
                for place, case in enumerate(cases[:6]):
                    conclude(case, member, upheld=Upheld.NO if place == 5 else Upheld.YES, days=10 * (place + 1))
            for answer, number in (("5", 6), ("4", 5), ("1", 5)):
                question = FeedbackQuestion.SATISFIED
                session.add(FeedbackTally(year=2025, question=question, answer=answer, count=number))
                session.add(FeedbackTally(year=2026, question=question, answer=answer, count=99))
        db.session.remove()
    return app


def rows_of(page: str, caption: str) -> list[list[str]]:
    """Return the rows of a table of a page as texts, the header left out."""
    table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if caption in one)
    rows = re.findall(r"<tr.*?</tr>", table.split("</thead>")[1], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in row] for row in cells]


def test_the_page_counts_by_year_and_hides_what_is_small(counted: Flask, client: FlaskClient) -> None:
    with clock.frozen(TODAY):
        page = client.get("/statistics").text
    assert rows_of(page, "Concerns received") == [
        ["2026-27 (so far)", "0", "0"],
        ["2025-26", "7", "0"],
        ["2024-25", "[c]", "0"],
    ]
    assert rows_of(page, "Days from receipt")[1] == ["2025-26", "6", "35", "6 (100%)"]
    assert rows_of(page, "Concerns upheld")[1] == ["2025-26", "6", "[c]", "0 (0%)", "[c]", "0 (0%)"]
    assert rows_of(page, "Positive outcomes")[1] == ["2025-26", "6", "6 (100%)", "0 (0%)", "6", "£74,400"]
    themes = rows_of(page, "Kinds of barrier")
    assert themes[0] == ["Base", "0", "7", "[c]"]
    assert ["Bonds and guarantees", "0", "7", "[c]"] in themes
    assert rows_of(page, "How satisfied") == [["2025-26", "16", "11 (69%)", "0 (0%)", "5 (31%)"]]
    assert "up to 5 October 2026" in page
    assert "published on 6 January 2027" in page
    for said in ("Borough of Nowhere", "mutual", "Quillfeather", "MS-2025"):
        assert said not in page.split("<main")[1]
    for leads in ("/", "/results"):
        assert 'href="/statistics"' in client.get(leads).text


def test_it_costs_the_same_however_much_there_is_and_no_demonstration_is_counted(counted: Flask) -> None:
    with counted.app_context():
        with statements() as found:
            load_statistics(TODAY.date(), with_demonstration=False)
        assert len(found) == 8, "\n".join(found)  # seven figures, and the version of the rules in force
        with transaction() as session:
            for case in session.query(Case):
                case.is_demonstration = True
        assert load_statistics(TODAY.date(), with_demonstration=False).years == []
        assert load_statistics(TODAY.date(), with_demonstration=True).years[1].received == 7
        db.session.remove()


def test_without_figures_the_page_says_when_there_will_be_some(client: FlaskClient) -> None:
    with clock.frozen(TODAY):
        page = client.get("/statistics").text
    assert "There are no figures yet." in page
    assert "published on 6 January 2027" in page
