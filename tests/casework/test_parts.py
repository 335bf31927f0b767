"""The pages of a case: what stands on the overview, what on a part, a timeline filtered, and all of it on paper."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.events import EVENT_TYPES
from mystery_shopper.cases.timeline import TimelineItem
from mystery_shopper.casework.history import Kind, Wanted, choose_items, kind_of
from mystery_shopper.core.db import db
from tests.casework.pages import Desk
from tests.factories.reports import Filed
from tests.factories.staff import sign_in_member

NARRATIVE = "We are a new mutual and no surety will write this bond for us."


@pytest.fixture
def desk(app: Flask, client: FlaskClient, make_user: Callable[..., object], file_report: Callable[..., Filed]) -> Desk:
    sign_in_member(client, make_user(Role.CASEWORKER, name="Ada Example"))  # type: ignore[arg-type]
    return Desk(client, file_report().case_reference)


def test_the_overview_says_what_is_wrong_and_leads_to_the_rest(desk: Desk) -> None:
    page = desk.client.get(desk.url()).text
    assert "Bidders must lodge a performance bond" in page
    assert page.index("What is wrong</h2>") < page.index("What is next</h2>") < page.index("Flags</h2>")
    assert NARRATIVE not in page
    assert NARRATIVE in desk.see("parts/reports")
    for part, heading in (("facts", "Notice"), ("action", "Interventions"), ("team", "Internal notes")):
        text = desk.see(f"parts/{part}")
        assert f"{heading}</h2>" in text
        assert re.search(rf'aria-current="page" href="/cases/[^"]+/parts/{part}"', text)
    for path in ("parts/overview", "parts/nothing"):
        assert desk.client.get(desk.url(path)).status_code == 404


def test_a_timeline_is_filtered_by_kind_person_and_period_in_its_address(desk: Desk) -> None:
    desk.send("note", {"body": "A word"})
    whole = desk.see("timeline")
    assert "Internal note added" in whole
    assert "Report received" in whole
    notes = desk.see("timeline?kind=team")
    assert "Internal note added" in notes
    assert "Report received" not in notes
    assert re.search(r"1 of \d+ entries", notes)
    assert "Internal note added" not in desk.see("timeline?by=the+reporter")
    never = "since-day=1&since-month=1&since-year=2010&until-day=2&until-month=1&until-year=2010"
    assert "Nothing of this kind happened." in desk.see(f"timeline?{never}")
    wrong = desk.see("timeline?since-day=99&since-month=1&since-year=2026")
    assert "There is a problem" in wrong
    assert "Internal note added" in wrong


def test_a_case_on_paper_is_whole_has_nothing_to_press_and_says_who_printed_it(app: Flask, desk: Desk) -> None:
    desk.send("tasks/new", {"title": "Ring them", "when": "1"})
    page = desk.see("print")
    main = page.split("<main", 1)[1]
    assert f"{desk.reference}. Printed by Ada Example, " in main
    for words in (NARRATIVE, "Ring them", "Internal notes</h2>", "Timeline</h2>", "Report received"):
        assert words in main
    assert "<form" not in main
    assert "/settle" not in main
    assert "Similar reports" not in main
    assert main.count("<details") == main.count(" open>") > 0
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        db.session.remove()
    assert actions[-2:] == [Action.CASE_VIEWED, Action.CASE_PRINTED]


def item(tag: str, at: datetime | date, by: str = "Ada") -> TimelineItem:
    return TimelineItem(title=tag, at=at, by=by, tag=tag)


def test_days_of_a_period_are_days_in_london_and_both_ends_are_in_it() -> None:
    late = item("note:added", datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    day = item("report:filed", date(2026, 6, 2), "the reporter")
    assert choose_items([late, day], Wanted(since=date(2026, 6, 2), until=date(2026, 6, 2))) == [late, day]
    assert choose_items([late, day], Wanted(until=date(2026, 6, 1))) == []
    assert choose_items([late, day], Wanted(kind=Kind.TEAM)) == [late]
    assert choose_items([late, day], Wanted(by="the reporter")) == [day]


def test_most_events_have_a_kind_of_their_own() -> None:
    others = {tag for tag in EVENT_TYPES if kind_of(item(tag, date(2026, 6, 1))) is Kind.OTHER}
    assert len(others) < len(EVENT_TYPES) / 4, others
