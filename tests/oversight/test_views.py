"""The pages of auditors."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.queries import EntryFilter, list_entries
from mystery_shopper.audit.services import record
from mystery_shopper.audit.verification import make_anchor
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.oversight import views
from tests.audit.logbook import fill, tamper
from tests.casework.pages import day
from tests.factories.reports import Filed
from tests.factories.staff import Member, add_member, sign_in_member, token_in


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    with app.app_context():
        member = add_member(Role.AUDITOR)
    client = app.test_client()
    sign_in_member(client, member)
    return client


def test_the_auditor_sees_entries_and_pages(app: Flask, auditor: FlaskClient) -> None:
    with app.app_context():
        fill(60)
    page = auditor.get("/audit").text
    assert "case:viewed" in page
    assert "cursor=" in page


def test_filters_are_kept_and_an_empty_result_says_so(auditor: FlaskClient) -> None:
    page = auditor.get("/audit?actor=user:nobody&action=case:viewed").text
    assert "There are no entries like this." in page
    assert 'value="user:nobody"' in page


@pytest.mark.parametrize("cursor", ["x", "WyJhZnRlciIsICJ4Il0", "WyJhZnRlciJd", "%00", "WyJhZnRlciIsIi0xIl0"])
def test_a_cursor_that_is_none_of_ours_is_not_found(auditor: FlaskClient, cursor: str) -> None:
    assert auditor.get(f"/audit?cursor={cursor}").status_code == 404


@pytest.mark.parametrize("actor", ["<script>alert(1)</script>", "a\x00b", "\ud800", "x" * 5000, "' OR 1=1 --"])
def test_odd_filters_are_answered(auditor: FlaskClient, actor: str) -> None:
    answer = auditor.get("/audit", query_string={"actor": actor.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_button_checks_the_log(app: Flask, auditor: FlaskClient) -> None:
    token = token_in(auditor.get("/audit").text)
    assert auditor.post("/audit/verify", data={"csrf_token": token}).status_code == 302
    assert "The audit log is whole" in auditor.get("/audit").text
    with app.app_context():
        tamper("UPDATE audit_entries SET actor = 'x' WHERE seq = 1")
    auditor.post("/audit/verify", data={"csrf_token": token})
    assert "damaged at entry 1 (edited)" in auditor.get("/audit").text


def test_the_button_needs_the_token_of_the_page(auditor: FlaskClient) -> None:
    assert auditor.post("/audit/verify").status_code in (400, 422)
    assert (
        "audit:verified"
        not in auditor.get("/audit?action=audit:verified").text.split("<table")[-1].split("</form>")[-1]
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_no_other_role_sees_the_log(app: Flask, client: FlaskClient, role: Role) -> None:
    with app.app_context():
        member = add_member(role)
    sign_in_member(client, member)
    assert client.get("/audit").status_code == 403


def test_who_saw_what_by_case_person_kind_and_day_and_that_it_was_read(
    app: Flask, auditor: FlaskClient, file_report: Callable[..., Filed], make_user: Callable[..., Member]
) -> None:
    filed, member = file_report(), make_user(Role.CASEWORKER, name="=Ada Example")
    browser = app.test_client()
    sign_in_member(browser, member)
    place = f"/cases/{filed.case_reference}"
    browser.get(place)
    browser.get(f"{place}/timeline")
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    for query, seen in (
        ({"case": filed.case_reference.lower()}, 4),
        ({"case": filed.case_reference, "action": "case:viewed"}, 2),
        ({"case": filed.case_reference, "action": "seen", "actor": "=Ada Example"}, 2),
        ({"case": filed.case_reference, "action": "report:*"}, 1),
        ({"actor": member.email, "action": "case:*"}, 2),
        ({"actor": "=Ada Example", "action": "case:*", **day("since", today), **day("until", today)}, 2),
        ({"actor": "=Ada Example", **day("since", tomorrow)}, 0),
        ({"actor": "=Ada Example", **day("until", today - timedelta(days=2))}, 0),
        ({"action": "nothing:*"}, 0),
    ):
        page = auditor.get("/audit", query_string=query)
        shown = page.text.split("<main")[1].split("</main>")[0]
        rows = shown.count("<tr class") - 1 if "<tbody" in shown else 0
        assert rows == seen or (rows > seen and set(query) == {"case"}), (query, rows)
        assert "Community meals service" not in page.text
        assert "Quillfeather" not in page.text
    wrong = auditor.get("/audit?case=MS-2020-99999")
    assert "There is no case with this reference" in wrong.text
    assert "There are no entries like this" in wrong.text
    file = auditor.get("/audit.csv", query_string={"case": filed.case_reference, "action": "case:viewed"})
    assert file.headers["Content-Disposition"].startswith("attachment")
    lines = file.text.splitlines()
    assert len(lines) == 3
    assert all('"\'=Ada Example"' in line and f'"{filed.case_reference}"' in line for line in lines[1:])
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(3)).all()
        made = last[0]
        assert (made.action, made.subject, made.subject_id) == ("export:made", "case", str(filed.case_id))
        assert {entry.action for entry in last[1:]} == {"audit:viewed"}


def test_what_is_typed_as_a_person_goes_into_the_log_only_as_somebody_known(
    app: Flask, auditor: FlaskClient, make_user: Callable[..., Member]
) -> None:
    member = make_user(Role.CASEWORKER, name="Ada Example")
    user = f"user:{member.id}"
    for typed, kept in (
        ("joan@quillfeather.example", "unknown"),
        ("Ada Example", user),
        (user, user),
        (user.replace("-", ""), "unknown"),
        ("user:Joan Pargeter", "unknown"),
        ("a reporter", "reporter"),
        ("authority", "authority"),
        ("", "all"),
    ):
        for path in ("/audit", "/audit.csv"):
            assert auditor.get(path, query_string={"actor": typed}).status_code == 200
            with app.app_context():
                last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
            assert (last.subject, last.subject_id) == ("audit", kept), (path, typed)


def test_a_long_log_is_checked_in_steps_and_the_words_say_no_more_than_was_looked_at(
    app: Flask, auditor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        fill(60)
    monkeypatch.setattr(views, "CHECKED_AT_ONCE", 40)
    token = token_in(auditor.get("/audit").text)
    first = auditor.post("/audit/verify", data={"csrf_token": token}, follow_redirects=True).text
    assert "Entries 1 to 40 are whole and follow from the entry before them. This says nothing of the others." in first
    assert "Check on from entry 41" in first
    rest = {"csrf_token": token, "after": "40"}
    with app.app_context():
        end = db.session.scalar(select(func.max(AuditEntry.seq)))
    page = auditor.post("/audit/verify", data=rest, follow_redirects=True).text
    assert f"Entries 41 to {end}, the end of the log, are whole" in page
    with app.app_context():
        tamper("UPDATE audit_entries SET actor = 'x' WHERE seq = 50")
    assert "damaged at entry 50 (edited)" in auditor.post("/audit/verify", data=rest, follow_redirects=True).text
    assert auditor.post("/audit/verify", data={**rest, "after": "x"}).status_code == 404


def test_anchors_are_listed_and_compared_with_the_log(app: Flask, auditor: FlaskClient, tmp_path: Path) -> None:
    usual = app.extensions["settings"]
    assert "The service does not know where anchors are kept" in auditor.get("/audit/anchors").text
    file = tmp_path / "anchors.jsonl"
    app.extensions["settings"] = replace(usual, audit_anchors=file)
    try:
        assert "The anchor file cannot be read" in auditor.get("/audit/anchors").text
        with app.app_context():
            fill(5)
            anchor = make_anchor(db.session(), clock.utc_now())
        file.write_text(f"{anchor.to_line()}\n")
        assert "The same entry" in auditor.get("/audit/anchors").text
        file.write_text(f"{replace(anchor, mac=bytes(32)).to_line()}\n")
        assert "Another entry, or none" in auditor.get("/audit/anchors").text
        token = token_in(auditor.get("/audit").text)
        checked = auditor.post("/audit/verify", data={"csrf_token": token}, follow_redirects=True).text
        assert "(rewritten)" in checked
    finally:
        app.extensions["settings"] = usual


def test_a_period_is_found_by_the_index_of_times_and_a_reporters_midnight_belongs_to_its_day(app: Flask) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with app.app_context(), transaction() as session:
        for moment in (noon, noon + timedelta(hours=11), noon - timedelta(hours=12), noon + timedelta(days=9)):
            record(Action.CASE_VIEWED, actor="system", subject="case", subject_id="1", now=moment, session=session)
        wanted = EntryFilter(since=noon - timedelta(hours=12), before=noon + timedelta(hours=12))
        assert [entry.seq for entry in list_entries(wanted).items] == [3, 2, 1]
