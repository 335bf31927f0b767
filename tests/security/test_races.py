"""Several at once: one form sent by impatient fingers, two people on one case. One wins, nobody sees our error."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Case, CaseEventRecord, Message, Note
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.models import Recommendation
from mystery_shopper.publication.models import Publication
from mystery_shopper.suggestions.models import Suggestion
from tests.casework.pages import Desk
from tests.factories.publications import add_staff, add_submitted, add_told_case
from tests.factories.reports import Filed
from tests.factories.staff import token_in
from tests.suggestions.telling import tell, telling_fields

AT_ONCE = 4
SignedIn = Callable[..., FlaskClient]


def twin(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Return a second tab of a browser."""
    tab, cookie = app.test_client(), browser.get_cookie("session")
    assert cookie is not None
    tab.set_cookie("session", cookie.value)
    return tab


def at_once(jobs: Sequence[tuple[FlaskClient, str, dict[str, Any]]]) -> list[int]:
    """Send forms at the same moment; return the statuses."""
    start = Barrier(len(jobs))

    def send(job: tuple[FlaskClient, str, dict[str, Any]]) -> int:
        browser, address, fields = job
        start.wait()
        return browser.post(address, data=fields).status_code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(send, jobs))


def count(app: Flask, model: type[Any]) -> int:
    with app.app_context():
        return db.session.query(model).count()


@pytest.mark.parametrize(
    ("path", "fields", "model"),
    [
        ("note", {"body": "Rang the buyer"}, Note),
        ("reports/{report}/message", {"body": "May we ask?"}, Message),
        (
            "recommendations/new",
            {"text": "Halve it", "addressee": "X", "made_on-day": "1", "made_on-month": "1", "made_on-year": "2026"},
            Recommendation,
        ),
    ],
)
def test_a_staff_form_sent_several_times_at_once_is_taken_once(
    app: Flask, signed_in: SignedIn, file_report: Callable[..., Filed], path: str, fields: dict[str, str], model: Any
):
    filed = file_report()
    browser = signed_in(Role.CASEWORKER)
    desk, path = Desk(browser, filed.case_reference), path.format(report=filed.report_id)
    sent = {**desk.carried(desk.url(path)), **fields}
    statuses = at_once([(twin(app, browser), desk.url(path), sent) for _ in range(AT_ONCE)])
    assert statuses == [302] * AT_ONCE
    assert count(app, model) == 1


def test_a_form_gone_back_to_and_sent_with_other_words_is_another_note(
    app: Flask, signed_in: SignedIn, file_report: Callable[..., Filed]
):
    desk = Desk(signed_in(Role.CASEWORKER), file_report().case_reference)
    hidden = desk.carried(desk.url("note"))
    for body in ("First thought", "Second thought", "Second thought"):
        assert desk.send("note", {"body": body}, carried=hidden).status_code == 302
    assert count(app, Note) == 2


def _open_receipt(client: FlaskClient, code: str) -> str:
    token = token_in(client.get("/receipt").text)
    assert client.post("/receipt", data={"csrf_token": token, "code": code}).status_code == 302
    return client.get("/receipt/case").text


def test_a_reporters_message_sent_several_times_at_once_is_taken_once(
    app: Flask, client: FlaskClient, file_report: Callable[..., Filed]
):
    page = _open_receipt(client, file_report().receipt_code)
    submission = re.search(r'name="submission_id"[^>]*value="([^"]+)"', page)
    assert submission
    fields = {"csrf_token": token_in(page), "submission_id": submission.group(1), "body": "One more thing"}
    statuses = at_once([(twin(app, client), "/receipt/case/message", fields) for _ in range(AT_ONCE)])
    assert statuses == [302] * AT_ONCE
    assert count(app, Message) == 1


def test_a_suggestion_sent_several_times_at_once_is_taken_once(app: Flask, client: FlaskClient):
    tell(client)
    fields = {**telling_fields(client.get("/tell-us-how/check").text), "saved_code": "yes"}
    statuses = at_once([(twin(app, client), "/tell-us-how/check", fields) for _ in range(AT_ONCE)])
    assert statuses == [302] * AT_ONCE
    assert count(app, Suggestion) == 1


def test_of_two_people_who_take_a_case_at_once_one_has_it(
    app: Flask, signed_in: SignedIn, file_report: Callable[..., Filed]
):
    reference = file_report().case_reference
    jobs = []
    for _ in range(2):
        desk = Desk(signed_in(Role.CASEWORKER), reference)
        page = desk.see()
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert version
        jobs.append((desk.client, desk.url("take"), {"csrf_token": token_in(page), "version": version.group(1)}))
    assert sorted(at_once(jobs)) in ([302, 404], [302, 409])
    with app.app_context():
        taken = db.session.query(CaseEventRecord).filter_by(tag="case:assigned").count()
        assert taken == 1


def test_of_two_people_who_move_a_case_at_once_one_does_and_the_other_is_told(
    app: Flask, signed_in: SignedIn, file_report: Callable[..., Filed]
):
    reference = file_report().case_reference
    jobs = []
    for _ in range(2):
        desk = Desk(signed_in(Role.SENIOR_CASEWORKER), reference)
        fields = {**desk.carried(desk.url("move")), "new": "acknowledged", "reason": "As agreed"}
        jobs.append((desk.client, desk.url("move"), fields))
    assert sorted(at_once(jobs)) in ([302, 400], [302, 409])  # 400: the step is no longer among those to choose
    with app.app_context():
        assert db.session.query(CaseEventRecord).filter_by(tag="case:state-changed").count() == 1


def test_of_two_people_who_approve_at_once_one_does(app: Flask, signed_in: SignedIn):
    with app.app_context(), transaction():
        case, _ = add_told_case()
        add_submitted(case, add_staff())
        address = f"/publication/{case.reference}/decide"
    jobs = []
    for _ in range(2):
        desk = Desk(signed_in(Role.PUBLISHER))
        jobs.append((desk.client, address, {**desk.carried(address), "approve": "yes"}))
    assert sorted(at_once(jobs)) == [302, 409]
    with app.app_context():
        assert [one.state.value for one in db.session.query(Publication)] == ["approved"]


def test_a_reporter_who_withdraws_while_staff_move_the_case_gets_an_answer(
    app: Flask, client: FlaskClient, signed_in: SignedIn, file_report: Callable[..., Filed]
):
    filed = file_report()
    _open_receipt(client, filed.receipt_code)
    token = token_in(client.get("/receipt/case/withdraw").text)
    desk = Desk(signed_in(Role.CASEWORKER), filed.case_reference)
    moved = {**desk.carried(desk.url("move")), "new": "acknowledged", "reason": "As agreed"}
    withdrawn = (client, "/receipt/case/withdraw", {"csrf_token": token, "confirm": "yes"})
    statuses = at_once([withdrawn, (desk.client, desk.url("move"), moved)])
    assert statuses[0] == 302
    assert statuses[1] in (302, 400, 409)
    with app.app_context():
        assert db.session.query(Case).one().state.value == "withdrawn"
