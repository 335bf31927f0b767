"""The ledger of recommendations: whom it was made to, the amended notice as evidence, what is due, over many cases."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.casenotices.services import link_notice
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.models import Recommendation
from mystery_shopper.notices.queries import list_versions
from tests.casework.pages import Desk, day
from tests.factories.notices import TENDER, UPDATE, keep
from tests.factories.publications import add_authority
from tests.factories.reports import add_report
from tests.factories.staff import Member, add_member
from tests.support.desks import open_desk
from tests.support.standing import Standing

IDS = r"([0-9a-f-]{36})"
MADE_ON = date(2026, 3, 10)
"""Between the two versions of the notice."""


def amend_notice(app: Flask) -> tuple[Member, str]:
    with app.app_context():
        with transaction():
            filed = add_report(authority_id=add_authority().id)
        with transaction():
            case, version, now = db.session.get_one(Case, filed.case_id), keep(TENDER), clock.utc_now()
            link_notice(case, version, reason="It is", facts={}, version_seen=case.version, actor="system", now=now)
            keep(UPDATE)
        caseworker = add_member()
        db.session.remove()
    opened = Desk(open_desk(app, caseworker), filed.case_reference)
    opened.client.post(opened.url("take"), data=opened.carried(opened.url()))
    return caseworker, filed.case_reference


@pytest.fixture
def desk(app: Flask, standing: Standing) -> Desk:
    """A caseworker, and a case with a linked notice which the buyer then amended."""
    caseworker, reference = standing.get(app, "an amended notice", amend_notice)
    return Desk(open_desk(app, caseworker), reference)


def recommend(desk: Desk, check_on: date) -> str:
    """Recommend something that is accepted; return its id."""
    made = {"addressee": "The sponsor department", "text": "Drop the turnover test.", "rule_id": ""}
    assert desk.send("recommendations/new", made | day("made_on", MADE_ON)).status_code == 302
    row_id = re.findall(rf"recommendations/{IDS}/answer", desk.see("parts/action"))[0]
    said = {"answer": "accepted", "reason": "Agreed.", **day("answered_on", MADE_ON), **day("check_on", check_on)}
    assert desk.send(f"recommendations/{row_id}/answer", said).status_code == 302
    return row_id


def test_the_amended_notice_shows_that_a_recommendation_was_carried_out(desk: Desk, app: Flask) -> None:
    row_id = recommend(desk, clock.today())
    with app.app_context():
        old, new = (str(one.id) for one in list_versions(keep(TENDER).notice_id))
        db.session.remove()
    done = {"implemented": "yes", "note": "The notice was amended.", **day("checked_on", clock.today())}
    path = f"recommendations/{row_id}/check"
    for chosen, message in (
        ({"notice_before": old, "notice_after": ""}, "Select the version that shows what was done"),
        ({"notice_before": new, "notice_after": new}, "The version after must be newer than the version before"),
        ({"notice_before": "", "notice_after": old}, "The version after must be newer than the version before"),
    ):
        assert message in desk.send(path, done | chosen).text
    assert desk.send(path, done | {"notice_before": "", "notice_after": new}).status_code == 302

    page = unescape(desk.see("parts/action"))
    for words in (
        "The sponsor department",
        "What the buyer changed in the notice",
        "1 April 2026 at 12pm",
        "15 April 2026 at 12pm",
        "Evidence of sound finances",
    ):
        assert words in page
    assert "shown by the amended notice" in desk.see("timeline")
    with app.app_context():
        row = db.session.scalars(select(Recommendation)).one()
        assert new.encode() not in (row.evidence_sealed or b"")
        db.session.remove()
    assert f'value="{new}" selected' in desk.see(path)

    offered = desk.see("outcome?fact=deadline_date")
    assert "from 1 April 2026 to 15 April 2026" in offered
    assert 'value="15 April 2026"' in offered


def test_what_is_due_stands_on_the_desk_and_in_the_ledger_of_the_authority(
    desk: Desk, app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    row_id = recommend(desk, yesterday)
    check = f"/cases/{desk.reference}/recommendations/{row_id}/check"
    assert check in desk.client.get("/desk").text
    with app.app_context():
        slug = db.session.scalars(select(Case)).one().authority.slug  # type: ignore[union-attr]
        db.session.remove()
    for address in ("/recommendations", f"/authorities/{slug}"):
        page = desk.client.get(address).text
        for words in ("Drop the turnover test.", "The sponsor department", "Overdue", desk.reference):
            assert words in page
    assert "1 of 1" in page
    assert "Drop the turnover test." not in desk.client.get("/recommendations?standing=checked").text
    assert desk.client.get("/recommendations?standing=nothing").status_code == 404
    assert desk.client.get("/authorities/nowhere").status_code == 404

    colleague = signed_in("caseworker")
    for address in ("/desk", "/recommendations?standing=all", f"/authorities/{slug}"):
        assert desk.reference not in colleague.get(address).text
    senior = signed_in("senior-caseworker")
    assert desk.reference in senior.get("/recommendations").text
    assert check not in senior.get("/desk").text

    done = {"implemented": "no", "note": "Nothing changed.", **day("checked_on", clock.today())}
    desk.send(f"recommendations/{row_id}/check", done)
    assert check not in desk.client.get("/desk").text
    assert "Drop the turnover test." in desk.client.get("/recommendations?standing=checked").text


def test_a_case_is_not_closed_while_nothing_shows_what_got_better(desk: Desk, app: Flask) -> None:
    today = clock.today()
    call = {"kind": "call", "summary": "Rang.", "moves_case": "yes", **day("made_on", today)}
    desk.move("acknowledged", "triage", "accepted")
    desk.send("interventions/new", call)
    desk.move("responded", "assessment")
    better = {
        "code": "recommendation-accepted",
        "upheld": "yes",
        "positive": "yes",
        "basis_fact_id": "bond_gbp",
        "before": "",
        "after": "500,000",
        "summary": "The bond was lowered.",
        "moves_case": "yes",
        **day("reached_on", today),
    }
    assert "Enter the value before the change" in desk.send("outcome", better).text
    assert desk.send("outcome", better | {"before": "5,000,000"}).status_code == 302
    with app.app_context():
        with transaction() as session:
            session.connection().exec_driver_sql("UPDATE outcomes SET before_sealed = NULL")
            case = session.scalars(select(Case)).one()
            for state in (CaseState.SUPPLIER_TOLD, CaseState.WITHHELD):
                move(case, state, actor="system", now=clock.utc_now())
        db.session.remove()
    closing = {"new": "closed", "reason": "As agreed", "close_anyway": "yes"}
    answer = desk.send("move", closing)
    assert "You cannot close this case yet" in answer.text
    assert "record the value before the change" in answer.text
    assert desk.send("outcome", better | {"before": "5,000,000"}).status_code == 302
    assert desk.send("move", closing).status_code == 302
