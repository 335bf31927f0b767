"""A text that the gate stopped goes out only as a second person let it out, word for word."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import GateOverride
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.casework.pages import Desk, day, whole_case
from tests.casework.test_attachments import OTHER, answer, opened
from tests.factories.publications import add_staff
from tests.factories.reports import IDENTITY, Filed
from tests.factories.staff import token_in
from tests.intake.walking import read_forms
from tests.similarity.joined import case_of, join

BODY = f"{OTHER} is named in the public notice."
WHY = "The notice of the buyer names them zqzqreason"


@pytest.fixture
def pair(app: Flask, file_report: Callable[..., Filed]) -> tuple[Filed, Filed]:
    first = file_report()
    second = file_report(identity=replace(IDENTITY, organisation="Brackenfold Catering", email="p@brackenfold.example"))
    with app.app_context():
        joiner = add_staff().approver
        with transaction():
            join(case_of(first), case_of(second), joiner)
        db.session.remove()
    return first, second


def ask(desk: FlaskClient, path: str, body: str, reason: str) -> str:
    fields = next(fields for _, fields in read_forms(desk.get(path).text) if "body" in fields)
    data = {name: value for name, value in fields.items() if name not in ("files", "send")}
    data |= {"body": body, "override_reason": reason, "ask_override": "yes"}
    return desk.post(path, data=data, content_type="multipart/form-data", follow_redirects=True).text


def decide(senior: FlaskClient, path: str, decision: str) -> str:
    token = token_in(senior.get(path).text)
    data = {"csrf_token": token, "known_by": "few", "decision": decision, "answer": "It is public already"}
    return senior.post(path, data=data, follow_redirects=True).text


def rows(app: Flask) -> list[GateOverride]:
    with app.app_context():
        return list(db.session.scalars(select(GateOverride).order_by(GateOverride.asked_at)))


def test_a_second_person_lets_a_message_out_word_for_word(
    app: Flask, pair: tuple[Filed, Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    first, second = pair
    case = first.case_reference
    writer, senior = signed_in(Role.SENIOR_CASEWORKER), signed_in(Role.SENIOR_CASEWORKER)
    path = f"/cases/{case}/reports/{second.report_id}/message"
    stopped = answer(writer, second, BODY, case=case).text
    assert "Ask a second person to allow it" in stopped
    assert "Ask a second person" not in writer.get(path).text, "only once the gate stopped a text"
    without = ask(writer, path, BODY, "")
    assert "Enter why this must go out as it is" in without
    assert BODY in without
    assert "A second person has been asked" in ask(writer, path, BODY, WHY)
    (row,) = rows(app)

    page = f"/cases/{case}/stopped-texts/{row.id}"
    own = writer.get(page).text
    assert "Save decision" not in own, "not by who asked"
    assert "Somebody else must decide this" in decide(writer, page, "yes")
    assert "1 stopped text waits" in senior.get("/desk").text
    assert page in senior.get("/stopped-texts").text
    assert page not in writer.get("/stopped-texts").text
    shown = senior.get(page).text
    assert BODY in shown
    assert WHY in shown
    assert "has not decided yet" in answer(writer, second, BODY, case=case).text
    assert "Decision saved" in decide(senior, page, "yes")
    assert "Somebody else has decided this" in decide(senior, page, "no")

    assert "Remove words" in answer(writer, second, BODY + "!", case=case).text, "another text"
    assert f"{path}?override={row.id}" in whole_case(writer, case)
    assert BODY in writer.get(f"{path}?override={row.id}").text, "nothing is typed again"
    assert "Message sent" in answer(writer, second, BODY, case=case).text
    assert BODY in opened(app, second).text
    assert BODY not in opened(app, first).text
    with app.app_context():
        tags = [event.tag for event in list_events(get_case_for_update(first.case_id))]
        assert [tag for tag in tags if tag.startswith("gate-override")] == [
            "gate-override:asked",
            "gate-override:decided",
        ]


def test_what_was_refused_stays_in_and_nothing_of_it_lies_open(
    app: Flask, pair: tuple[Filed, Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    first, second = pair
    case = first.case_reference
    writer, senior = signed_in(Role.CASEWORKER), signed_in(Role.SENIOR_CASEWORKER)
    path = f"/cases/{case}/reports/{second.report_id}/message"
    ask(writer, path, BODY, WHY)
    (row,) = rows(app)
    page = f"/cases/{case}/stopped-texts/{row.id}"
    assert writer.get(page).status_code == 403
    assert writer.get("/stopped-texts").status_code == 403
    other = signed_in(Role.SENIOR_CASEWORKER).get(f"/cases/{second.case_reference}/stopped-texts/{row.id}")
    assert other.status_code == 404, "a request of another case"
    decide(senior, page, "no")

    assert "A second person refused" in answer(writer, second, BODY, case=case).text
    assert BODY in whole_case(writer, case), "nothing is lost"
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for stored in db.session.execute(select(table)).all():
                assert "quillfeather care" not in repr(tuple(stored)).lower(), table.name
                assert "zqzqreason" not in repr(tuple(stored)), table.name


@pytest.mark.parametrize(
    ("path", "field", "kept"),
    [
        ("interventions/new", "summary", {"kind": "call", "moves_case": "no"}),
        ("recommendations/new", "text", {"addressee": "The council"}),
    ],
)
def test_what_is_said_to_the_authority_passes_the_gate_and_a_second_person_can_let_it_out(
    pair: tuple[Filed, Filed], signed_in: Callable[..., FlaskClient], path: str, field: str, kept: dict[str, str]
) -> None:
    first, _ = pair
    desk, senior = Desk(signed_in(Role.CASEWORKER), first.case_reference), signed_in(Role.SENIOR_CASEWORKER)
    fields = {field: BODY, **kept, **day("made_on", clock.today())}
    stopped = desk.send(path, fields).text
    assert "Remove words that could identify the reporter" in stopped
    assert BODY in stopped, "nothing typed is lost"
    asked = desk.send(path, fields | {"override_reason": WHY, "ask_override": "yes"})
    assert asked.status_code == 302, asked.text
    (page,) = set(re.findall(r"/cases/[^/]+/stopped-texts/[0-9a-f-]{36}", senior.get("/stopped-texts").text))
    assert "Decision saved" in decide(senior, page, "yes")
    assert BODY in desk.see(f"{path}?override={page.rpartition('/')[2]}"), "nothing is typed again"
    assert desk.send(path, fields).status_code == 302
    assert BODY in desk.see()
