"""The audit page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from tests.audit.logbook import fill, tamper
from tests.factories.staff import add_member, sign_in_member, token_in


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
