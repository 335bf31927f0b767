"""The registers through their pages, without JavaScript: from the letter that came to the pack that goes out."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.declarations import keep_declaration
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import db, transaction
from mystery_shopper.intake.queries import reporter_timeline
from mystery_shopper.requests.states import Requester
from tests.casework.pages import Desk, day
from tests.factories.interests import declare
from tests.factories.records import add_closed_case
from tests.factories.reports import IDENTITY
from tests.factories.staff import Member, sign_in_member
from tests.support.answers import assert_status_is_told

REFERENCE = re.compile(r"Request ((?:FOI|SAR|RES|DPC)-\d{4}-\d{4})")


def send(browser: FlaskClient, address: str, fields: dict[str, object]) -> str:
    answer = browser.post(address, data={**Desk(browser).carried(address), **fields}, follow_redirects=True)
    assert_status_is_told(answer)
    return answer.text


def record(browser: FlaskClient, **fields: object) -> str:
    came = day("received_on", clock.today() - timedelta(days=1))
    whole = {"requester": "Petra Asker", "contact": "petra@asker.example", "words": "All <i>you</i> hold", **came}
    page = send(browser, "/records/requests/new", {**whole, **fields})
    found = REFERENCE.search(page)
    assert found, page
    return f"/records/requests/{found.group(1)}"


def test_both_registers_from_the_letter_to_the_pack(app: Flask, make_user: Callable[..., Member]) -> None:
    member = make_user(Role.SENIOR_CASEWORKER, name="Ada Example")
    with app.app_context(), transaction():
        filed = add_closed_case(by_id=member.id, closed_at=datetime(2025, 3, 6, 9, tzinfo=UTC))
    ada = app.test_client()
    sign_in_member(ada, member)
    empty = send(ada, "/records/requests/new", {"kind": "subject-access", "requester": "Petra <b>"})
    for words in (
        "Select whose data it is about",
        "Enter what they ask for",
        "Enter the day it came",
        "Petra &lt;b&gt;",
    ):
        assert words in empty
    one = record(ada, kind="foi")
    assert "All &lt;i&gt;you&lt;/i&gt; hold" in ada.get(one).text
    assert "There is no case with this reference" in send(ada, f"{one}/cases", {"case": "MS-1999-00001"})
    named = send(ada, f"{one}/cases", {"case": filed.case_reference.lower()})
    assert "on hold" in named
    held = ada.get(f"/cases/{filed.case_reference}").text
    assert "Nothing of this case can be destroyed" in held
    assert "Petra" not in held
    blocked = send(ada, f"{one}/pack", {"answer": "Quillfeather told us of it"})
    assert "Remove words that could identify the reporter" in blocked
    assert "Quillfeather told us of it" in blocked
    built = send(ada, f"{one}/pack", {"answer": "We hold one case."})
    pack = re.search(r'href="([^"]+\.zip)"', built)
    assert pack
    sheet = ada.get(pack.group(1))
    assert sheet.headers["Content-Type"] == "application/zip"
    assert sheet.data.startswith(b"PK")
    assert "Waiting for the requester" in send(ada, f"{one}/ask", day("day", clock.today()))
    assert "When the requester answers" in ada.get("/records/requests").text
    send(ada, f"{one}/answered", day("day", clock.today()))
    fields = {"decision": "given-in-part", "exemptions": ["s40", "s41"], "reason": "Names are withheld"}
    answered = send(ada, f"{one}/decide", fields)
    assert "Section 41: provided in confidence" in answered
    assert "Internal review" in send(ada, f"{one}/review", day("day", clock.today()))
    assert "It stands" in send(ada, f"{one}/review/result", {"reason": "It stands"})

    two = record(ada, kind="subject-access", about="reporter")
    send(ada, f"{two}/cases", {"case": filed.case_reference})
    wrong = send(ada, f"{two}/identity", {"how": "By the code", "code": "no code"})
    assert "There is a problem" in wrong
    assert "By the code" in send(ada, f"{two}/identity", {"how": "By the code", "code": filed.receipt_code})
    assert "extended" in send(ada, f"{two}/extend", {"reason": "Many files"})
    assert "your-report.csv" in send(ada, f"{two}/pack", {"answer": ""})
    register = ada.get("/records/requests").text
    assert "SAR-" in register
    assert "Some was given, some withheld" in register
    stale = ada.post(f"{two}/extend", data={**Desk(ada).carried(f"{two}/extend"), "version": "1", "reason": "x"}).text
    assert "Somebody else changed" in stale


def test_other_rights_and_complaints_are_recorded_with_their_days_and_a_case_says_what_is_restricted(
    app: Flask, make_user: Callable[..., Member]
) -> None:
    member = make_user(Role.SENIOR_CASEWORKER)
    with app.app_context(), transaction():
        filed = add_closed_case(by_id=member.id, closed_at=datetime(2025, 3, 6, 9, tzinfo=UTC))
    ada = app.test_client()
    sign_in_member(ada, member)
    case = f"/cases/{filed.case_reference}"

    asked = ada.get("/records/requests/new").text
    assert asked.count('name="about"') == len(Requester)
    complaint = record(ada, kind="complaint")
    assert "Record the acknowledgement" in ada.get(complaint).text
    assert "To be acknowledged" in ada.get("/records/requests").text
    told = send(ada, f"{complaint}/acknowledge", day("day", clock.today()))
    assert f"Sent {format_day(clock.today())}" in told
    assert "Build the pack" not in told
    settled = send(ada, f"{complaint}/decide", {"decision": "given", "reason": "We kept it too long"})
    assert "The complaint was right" in settled

    restriction = record(ada, kind="restriction", about="named-person")
    send(ada, f"{restriction}/cases", {"case": filed.case_reference})
    assert "it is not decided yet" in ada.get(case).text
    send(ada, f"{restriction}/identity", {"how": "Passport seen"})
    send(ada, f"{restriction}/decide", {"decision": "given", "reason": "It is disputed"})
    assert "Restriction asked for" not in ada.get(case).text
    assert "Data that may only be kept" in ada.get(case).text
    assert "Petra" not in ada.get(case).text
    assert "The data are right" in send(ada, f"{restriction}/restriction/end", {"reason": "The data are right"})
    assert "Data that may only be kept" not in ada.get(case).text


def test_a_pack_is_closed_to_who_may_not_see_a_case_and_the_reporter_is_told_who_looked(
    app: Flask, make_user: Callable[..., Member]
) -> None:
    members = [make_user(Role.SENIOR_CASEWORKER, name=name) for name in ("Ada Example", "Ben Example")]
    identity = replace(IDENTITY, trade_body="Timber Trades", member="Grumblethorpe Ltd")
    with app.app_context(), transaction():
        filed = add_closed_case(by_id=members[0].id, closed_at=datetime(2025, 3, 6, 9, tzinfo=UTC), identity=identity)
    ada, ben = app.test_client(), app.test_client()
    for browser, member in zip((ada, ben), members, strict=True):
        sign_in_member(browser, member)
    one = record(ada, kind="subject-access", about="reporter")
    usual = app.extensions["settings"]
    app.extensions["settings"] = replace(usual, declare_each_case=True)
    asked = send(ada, f"{one}/cases", {"case": filed.case_reference})
    assert "say whether you have an interest" in asked
    with app.app_context(), transaction():
        keep_declaration(get_case_for_update(filed.case_id), members[0].id, now=clock.utc_now())
    send(ada, f"{one}/cases", {"case": filed.case_reference})
    send(ada, f"{one}/identity", {"how": "By the code", "code": filed.receipt_code})
    built = send(ada, f"{one}/pack", {"answer": ""})
    pack = re.findall(r'href="([^"]+\.zip)"', built)[0]
    for address in (f"{one}/pack", pack):
        assert "/interest?" in ben.get(address).location, address
    app.extensions["settings"] = usual
    with zipfile.ZipFile(io.BytesIO(ada.get(pack).data)) as archive:
        about = archive.read("about-you.csv").decode()
    assert identity.name in about
    assert "We hold the names of the firm" in about
    assert "Grumblethorpe" not in about
    assert ben.get(f"{one}/pack").status_code == 200
    assert ben.get(pack).status_code == 403
    with app.app_context():
        report = db.session.get_one(Report, filed.report_id)
        (told,) = [entry for entry in reporter_timeline(report) if "looked at who you are" in entry.sentence]
        assert "because you asked for a copy of what we hold about you" in told.sentence
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("identity:%"))).all()
        assert sorted(actions) == ["identity:revealed", "identity:viewed"]
        opened = select(AuditEntry.actor).where(AuditEntry.action == "case:viewed")
        assert members[0].actor in db.session.scalars(opened).all()
    assert "Request SAR-" in ada.get("/identity-looks").text
    with clock.frozen(clock.utc_now() + timedelta(minutes=20)):
        for address in (f"{one}/pack", pack):
            assert ada.get(address).location.startswith("/account/confirm"), address
    with app.app_context():
        declare(get_user(members[0].id).to_staff_member(), case_id=filed.case_id)
    assert ".zip" not in ada.get(one).text
    for address in (f"{one}/pack", pack):
        assert ada.get(address).status_code == 404, address
