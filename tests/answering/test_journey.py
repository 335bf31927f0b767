"""From the invitation to the answer on the case page, through the pages of both sides."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from mystery_shopper.answering.casepage import requests_left
from mystery_shopper.answering.models import Inquiry, InquiryOfficer
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.evidence.worker import evidence_round
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.notifications.cli import render_letter
from mystery_shopper.notifications.transport import FolderTransport
from mystery_shopper.notifications.worker import send_round
from mystery_shopper.publication.queries import Basis
from mystery_shopper.publication.replies import replies_on
from tests.casework.pages import Desk, day
from tests.factories.inquiries import enter, send
from tests.factories.reports import IDENTITY, Filed

IDS = r"([0-9a-f-]{36})"
CODE = re.compile(r'<strong class="ms-nowrap">([0-9A-Z]{4} [0-9A-Z]{4})</strong>')
PERSON = {"name": "Olive Officer", "role": "Head of Procurement", "email": "olive@barchester.example"}


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture
def desk(file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]) -> Desk:
    opened = Desk(signed_in("caseworker"), file_report().case_reference)
    opened.move("acknowledged", "triage", "accepted")
    opened.client.post(opened.url("take"), data=opened.carried(opened.url()))
    return opened


def letters(app: Flask, folder: Path) -> list[str]:
    """Send what waits, and return every letter there is, newest last."""
    with app.app_context():
        send_round(FolderTransport(folder), render_letter, sender="service@example.org")
    return [path.read_text() for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)]


def link_in(letter: str) -> str:
    """Return the token of the link that a letter carries."""
    found = re.search(r"/answer/open/([\w-]{43})", letter.replace("=\n", ""))
    assert found, letter
    return found.group(1)


def ask(desk: Desk, today: date) -> str:
    """Ask the authority through the pages, up to the question; return the address of the inquiry."""
    desk.send(
        "interventions/new",
        {
            "kind": "letter",
            "summary": "We asked about the bond.",
            "moves_case": "yes",
            **day("made_on", today),
            **day("response_due_on", today + timedelta(days=10)),
        },
    )
    found = re.search(rf"/interventions/{IDS}/inquiry", desk.see("parts/action"))
    assert found
    answer = desk.send(f"interventions/{found.group(1)}/inquiry", {"name": "Case Team", "reach": "020 7946 0000"})
    assert answer.status_code == 302, answer.text
    inquiry = f"inquiries/{re.findall(IDS, answer.location)[0]}"
    for text in ("Why is the bond so high?", "Who decided it?"):
        assert desk.send(f"{inquiry}/questions", {"text": text, "rule_id": "FIN-BOND"}).status_code == 302
    return inquiry


def invite(desk: Desk, path: str, fields: dict[str, str]) -> str:
    """Invite somebody and return the code the page shows."""
    page = desk.send(path, fields)
    found = CODE.search(page.text)
    assert page.status_code == 200
    assert found, page.text
    return found.group(1)


def test_an_officer_answers_and_the_case_moves_on(
    desk: Desk, app: Flask, settings: Config, tmp_path: Path, today: date
) -> None:
    inquiry = ask(desk, today)
    stopped = desk.send(f"{inquiry}/questions", {"text": f"Did {IDENTITY.organisation} bid?", "rule_id": ""})
    assert "Remove words that could identify the reporter" in stopped.text
    code = invite(desk, f"{inquiry}/invite", PERSON)
    assert "invited already" in desk.send(f"{inquiry}/invite", PERSON).text
    frozen = desk.send(f"{inquiry}/questions", {"text": "One more?", "rule_id": "", "submission_id": ""})
    assert "can no longer be changed" in frozen.text
    letter = letters(app, tmp_path)[-1]
    assert code not in letter
    assert code.replace(" ", "") not in letter
    assert desk.reference not in letter
    token = link_in(letter)

    officer = app.test_client()
    assert enter(officer, token, code.lower().replace(" ", "-")).status_code == 302
    page = officer.get("/answer").text
    for shown in ("Why is the bond so high?", "Who decided it?", "Olive Officer", "Case Team", "020 7946 0000"):
        assert shown in page
    assert send(officer, "/answer", {"answer_1": "It always was.", "save": "yes"}).status_code == 302
    assert "It always was." in officer.get("/answer").text
    assert "It always was." not in desk.see("parts/action")

    file = (io.BytesIO(b"Standing orders ask for a bond."), "Standing orders.txt")
    assert send(officer, "/answer/files", {"files": file}).status_code == 302
    with app.app_context():
        while evidence_round():
            pass
    until = today + timedelta(days=17)
    assert send(officer, "/answer/time", {**day("until", until), "text": "Holidays."}).status_code == 302
    wish = re.search(rf"requests-of-authority/{IDS}", desk.see("parts/action"))
    assert wish
    assert "Asks for more time" in desk.client.get("/desk").text
    granted = desk.send(wish.group(0), {"decision": "granted", "reply": "Agreed.", **day("until", until)})
    assert granted.status_code == 302, granted.text
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.step_due_on, db.session.scalars(select(Intervention.response_due_on)).one()) == (until, until)
    assert "Agreed." in officer.get("/answer").text
    assert "There is an update" in letters(app, tmp_path)[-1]

    assert send(officer, "/answer", {"answer_1": "It always was.", "answer_2": "", "check": "yes"}).status_code == 302
    assert "Answer question 2" in send(officer, "/answer/check", {}).text
    send(officer, "/answer", {"answer_1": "It always was.", "answer_2": "The <b>cabinet</b>.", "check": "yes"})
    sent = send(officer, "/answer/check", {})
    assert sent.location == "/answer/sent"
    assert "Your answer has been sent" in officer.get("/answer/sent").text
    copy = officer.get("/answer/copy.txt").text
    assert "The <b>cabinet</b>." in copy
    assert "Standing orders.txt" in copy
    refused = send(officer, "/answer", {"answer_1": "No!", "save": "yes"}, source="/answer/colleague")
    assert "can no longer be changed" in refused.text

    case_page = desk.see()
    assert "The &lt;b&gt;cabinet&lt;/b&gt;." in case_page
    assert "Authority responded" in case_page
    file_link = re.search(rf"/cases/[^\"]*/answers/files/{IDS}", case_page)
    assert file_link
    assert b"Standing orders" in desk.client.get(file_link.group(0)).data
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        row = db.session.scalars(select(Intervention)).one()
        assert row.response_received_on == today
        assert "It always was." in row.response(case.data_key)
        assert list(requests_left(case)) == ["Sent the answer"]


def test_a_colleague_takes_over_and_replies_to_the_text(desk: Desk, app: Flask, tmp_path: Path, today: date) -> None:
    inquiry = ask(desk, today)
    code = invite(desk, f"{inquiry}/invite", PERSON)
    officer, colleague = app.test_client(), app.test_client()
    enter(officer, link_in(letters(app, tmp_path)[-1]), code)
    named = {"name": "Carl Colleague", "role": "Lawyer", "email": "carl@barchester.example", "takes_over": "yes"}
    assert send(officer, "/answer/colleague", named).status_code == 302
    wish = re.search(rf"requests-of-authority/{IDS}", desk.see("parts/action"))
    assert wish
    carried = desk.carried(desk.url(wish.group(0)))
    code = invite(desk, wish.group(0), {"decision": "granted", "reply": ""})
    assert "somebody has dealt" in desk.send(wish.group(0), {"decision": "granted"}, carried=carried).text.casefold()
    typed = send(officer, "/answer", {"answer_1": "Nearly lost", "save": "yes"}, source="/answer/open/" + "x" * 43)
    assert typed.status_code == 409
    assert "Nearly lost" in typed.text
    token = next(link_in(text) for text in letters(app, tmp_path) if "carl@barchester.example" in text)
    assert enter(colleague, token, code).status_code == 302
    assert "Carl Colleague" in colleague.get("/answer").text

    leak = desk.send(f"{inquiry}/entry", {"text": f"{IDENTITY.organisation} told us."})
    assert "Remove words" in leak.text
    assert desk.send(f"{inquiry}/entry", {"text": "The bond was too high."}).status_code == 302
    assert "The bond was too high." in colleague.get("/answer/entry").text
    assert send(colleague, "/answer/entry", {"text": "It was lawful."}).status_code == 302
    assert "replied already" in send(colleague, "/answer/entry", {"text": "Again."}, source="/answer/time").text
    assert "It was lawful." in desk.see("parts/action")
    with app.app_context():
        read = replies_on(db.session.scalars(select(Case)).one())
        assert [(one.shown, one.reply) for one in read] == [("The bond was too high.", "It was lawful.")]
        drawn = app.jinja_env.get_template("publication/basis.html").module
        with app.test_request_context():
            page = str(drawn.basis_details(Basis(None, (), (), 0, read)))
        assert "It was lawful." in page
        assert "The text it was shown" in page

    stale = send(colleague, "/answer", {"answer_1": "Mine", "answer_2": "", "save": "yes", "version": "0"})
    assert "A colleague saved while you were writing" in stale.text
    assert "Mine" in stale.text
    again = re.search(rf"officers/{IDS}/again", desk.see("parts/action"))
    assert again
    new_code = invite(desk, again.group(0), {})
    assert colleague.get("/answer").location == "/answer/closed"
    assert "does not work" in enter(colleague, token, code).text
    assert "does not work" in enter(colleague, token, new_code).text
    with app.app_context():
        states = {row.revoked_at is None for row in db.session.scalars(select(InquiryOfficer))}
        assert states == {True, False}
        assert db.session.scalars(select(Inquiry)).one().sent_at is None
