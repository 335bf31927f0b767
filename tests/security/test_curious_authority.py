"""The curious authority: an officer with a link tries every address, error, redirect and cookie to learn who reported.

Two reporters stand behind the case. Each name, firm, address and number of theirs, the references of the cases, the
names of staff and the words of the case are canaries: none may turn up in anything an officer can get.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import Role
from mystery_shopper.answering import services
from mystery_shopper.answering.models import InquiryOfficer
from mystery_shopper.answering.policy import Person
from mystery_shopper.answering.queries import get_inquiry
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_for_update, list_flags
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.architecture.world import as_staff
from tests.factories.inquiries import OFFICER, Way, add_inquiry, enter, invite_more, send
from tests.factories.reports import IDENTITY, Filed, add_report
from tests.factories.staff import add_member, token_in

TITLE = "Zephyrquill resurfacing"
STORY = "Quibblethorpe demanded it"
SECOND = replace(
    IDENTITY, name="Wilhelmina Vantongeren", organisation="Oxblood Scaffolds Ltd", email="wv@oxblood.example"
)
STAFF_NAME = "Bartholomew Caseworker"
PAGES = ("", "/files", "/check", "/sent", "/copy.txt", "/clarification", "/time", "/colleague", "/entry")
GUESSES = (
    "/answer/",
    "/answer/../cases",
    "/answer/copy.txt?inquiry={other}",
    "/answer?inquiry_id={other}",
    "/answer/{other}",
    "/answer/files/{file}",
    "/answer/files?report={report}",
    "/cases/{reference}",
    "/cases/{reference}/answers/files/{file}",
    "/cases/{reference}/inquiries/{other}/questions",
    "/desk",
    "/receipt/case",
    "/results/{reference}",
    "/api/cases",
)
MOVING = re.compile(r'name="csrf_token"[^>]*>|value="Ij[^"]*"|csrf[^>]*>')


@dataclass
class Scene:
    """The authority's case with two reporters, another authority's case, and the way into each."""

    way: Way
    other: Way
    canaries: tuple[str, ...]
    known: dict[str, str]


def join_second(case: Case) -> Filed:
    """File another reporter's report and put it into the case, as joining does."""
    filed = add_report(identity=SECOND)
    report = db.session.get_one(Report, filed.report_id)
    report.case_id = case.id
    db.session.flush()
    return filed


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        member = add_member(Role.CASEWORKER, name=STAFF_NAME)
        worker = as_staff(member, Role.CASEWORKER)
        with transaction():
            first, third = add_report(procurement_title=TITLE, narrative=STORY), add_report()
            case, elsewhere = get_case_for_update(first.case_id), get_case_for_update(third.case_id)
            way = add_inquiry(case, by=worker)
            other = add_inquiry(elsewhere, by=worker, person=Person("Else", "Clerk", "else@other.example"))
            second = join_second(case)
            people = [IDENTITY, SECOND]
            canaries = {
                value for one in people for value in (one.name, one.organisation, one.email, one.phone) if value
            }
            canaries |= {TITLE, STORY, STAFF_NAME, member.email, str(case.id), str(elsewhere.id)}
            canaries |= {str(first.report_id), str(second.report_id), case.reference, elsewhere.reference}
            canaries |= {case.public_reference, elsewhere.public_reference, other.inquiry_id, "Else"}
            canaries |= {flag.rule_id for flag in list_flags(case)} | {"severity", "Severity"}
            known = {"other": other.inquiry_id, "report": str(first.report_id), "reference": case.reference}
        db.session.remove()
    return Scene(way, other, tuple(sorted(canaries)), {**known, "file": str(uuid4())})


@pytest.fixture
def officer(app: Flask, scene: Scene) -> FlaskClient:
    browser = app.test_client()
    assert enter(browser, scene.way.token, scene.way.code).status_code == 302
    return browser


def said(answer: TestResponse) -> str:
    """Return everything an answer says: status, headers and body."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status}\n{headers}\n{answer.get_data(as_text=True)}"


def plain(answer: TestResponse) -> tuple[int, str]:
    """Return status and body without what is new in every answer."""
    return answer.status_code, MOVING.sub("", answer.text)


def everything(browser: FlaskClient, scene: Scene) -> Iterator[tuple[str, TestResponse]]:
    """Yield an answer to every request an officer can think of, whole pages, wrong forms and guessed addresses."""
    for path in PAGES:
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"):
            yield f"{method} {path}", browser.open(f"/answer{path}", method=method)
    for guess in GUESSES:
        address = guess.format(**scene.known)
        yield address, browser.get(address)
    until = clock.today() + timedelta(days=60)
    day = {"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)}
    for path, fields in (
        ("/answer/clarification", {"text": "Who told you, and how many were they?"}),
        ("/answer/time", {"text": "Busy.", **day}),
        ("/answer/time", {"text": "", "until-day": "x"}),
        ("/answer/colleague", {"name": "Carl", "role": "Lawyer", "email": "nonsense", "takes_over": "no"}),
        ("/answer/files", {"files": (io.BytesIO(b"MZ\x90"), "C:\\Users\\jane\\tool.exe")}),
        ("/answer", {"answer_1": "It was so.", "answer_2": "", "answer_9": "x", "save": "yes", "version": "0"}),
        ("/answer", {"answer_1": "It was so.", "answer_2": "By us.", "check": "yes"}),
        ("/answer/check", {}),
    ):
        yield f"POST {path}", send(browser, path, dict(fields))
    for path in PAGES:
        yield path, browser.get(f"/answer{path}")
    yield "wrong", enter(browser, scene.other.token, scene.way.code)


def test_nothing_an_officer_can_get_holds_a_trace(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    found = [
        f"{what}: {canary}"
        for what, answer in everything(officer, scene)
        for canary in scene.canaries
        if canary.casefold() in said(answer).casefold()
        and not (what.startswith("/") and canary in what and answer.status_code in (302, 303, 404))
    ]
    assert found == []
    today = clock.today()
    assert "Why is the bond set at this level?" in officer.get("/answer").text
    page = officer.get("/answer").text
    assert f"{today.day} {today:%B %Y}" not in page.split("What you asked us")[0]


def test_wrong_expired_revoked_replaced_and_invented_links_are_one_page(app: Flask, scene: Scene) -> None:
    with app.app_context(), transaction():
        worker = as_staff(add_member(Role.CASEWORKER), Role.CASEWORKER)
        case = get_case_for_update(db.session.scalars(select(Case.id).order_by(Case.serial)).first())
        people = [replace(OFFICER, email=f"{name}@barchester.example") for name in ("late", "gone", "new")]
        late, gone, new = (invite_more(case, scene.way, person, by=worker) for person in people)
        rows = [db.session.get_one(InquiryOfficer, UUID(one.officer_id)) for one in (late, gone, new)]
        rows[0].expires_on = clock.today() - timedelta(days=1)
        services.revoke(case, rows[1], actor=worker.actor, now=clock.utc_now())
        inquiry = get_inquiry(case, UUID(scene.way.inquiry_id))
        services.invite_again(case, inquiry, rows[2], actor=worker.actor, now=clock.utc_now())
    tried = {
        "right link, wrong code": (scene.way.token, "0000 0000"),
        "another case's code": (scene.way.token, scene.other.code),
        "expired": (late.token, late.code),
        "revoked": (gone.token, gone.code),
        "replaced": (new.token, new.code),
        "invented": ("A" * 43, scene.way.code),
    }
    first = {what: plain(app.test_client().get(f"/answer/open/{token}")) for what, (token, _) in tried.items()}
    assert len(set(first.values())) == 1
    shown = {}
    for what, (token, code) in tried.items():
        browser = app.test_client()
        answer = enter(browser, token, code)
        assert "answer=" not in answer.headers.get("Set-Cookie", "")
        shown[what] = plain(answer)[0], MOVING.sub("", answer.text).replace(code, "")
        assert browser.get("/answer").location == "/answer/closed"
    assert len(set(shown.values())) == 1, shown.keys()
    closed = {plain(app.test_client().get(f"/answer{path}")) for path in PAGES}
    assert len(closed) == 1
    browser = app.test_client()
    for _try in range(6):
        enter(browser, scene.way.token, "0000 0000")
    locked = enter(browser, scene.way.token, scene.way.code)
    assert plain(locked)[0] == 400
    assert "does not work" in locked.text


def test_cookies_of_one_realm_open_no_other(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    for path in ("/desk", "/cases", "/account", "/receipt/case"):
        assert officer.get(path).status_code in (302, 303, 401, 403, 404), path
    cookie = officer.get_cookie("answer", path="/answer")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.path == "/answer"
    staff = app.test_client()
    staff.set_cookie("session", cookie.value)
    assert staff.get("/desk").status_code in (302, 303)
    other = app.test_client()
    other.set_cookie("answer", scene.way.token, path="/answer")
    assert other.get("/answer").location == "/answer/closed"
    left = officer.post("/answer/leave", data={"csrf_token": token_in(officer.get("/answer").text)})
    assert left.status_code == 302
    again = app.test_client()
    again.set_cookie("answer", cookie.value, path="/answer")
    assert again.get("/answer").location == "/answer/closed"
