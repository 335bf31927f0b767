"""What somebody wrote is never lost because the service, a colleague or the clock got in between."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Note
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from tests.casework.pages import Desk
from tests.factories.staff import Member, token_in

TEXT = "They phoned & said <b>no</b> to us"
SHOWN = "They phoned &amp; said &lt;b&gt;no&lt;/b&gt; to us"


@pytest.fixture
def writing(app: Flask, make_user: Callable[..., Member], sign_in: Callable[..., None], file_report):
    """A caseworker who has the page for a note open."""
    member, browser = make_user(Role.CASEWORKER), app.test_client()
    sign_in(browser, member)
    desk = Desk(browser, file_report().case_reference)
    return desk, member, {**desk.carried(desk.url("note")), "body": TEXT}


def _hidden(page: str) -> dict[str, str]:
    tags = [tag for tag in re.findall(r"<input[^>]*>", page.split("<main", 1)[-1]) if 'type="hidden"' in tag]
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    return {name.group(1): value.group(1) for name, value in pairs if name and value}


def _without_token(page: str) -> str:
    """Return a page without the token of its forms, which holds the second it was made in."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page)


def _notes(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Note).count()


def test_a_text_sent_after_half_an_hour_waits_until_the_writer_has_signed_in_again(
    app: Flask, writing, sign_in: Callable[..., None]
):
    desk, member, fields = writing
    with clock.frozen(clock.utc_now() + timedelta(minutes=31)):
        answer = desk.client.post(desk.url("note"), data=fields)
        assert answer.status_code == 401
        assert SHOWN in answer.text
        assert "opens in a new tab" in answer.text
        waiting = {**_hidden(answer.text), "body": TEXT}
        assert waiting["submission_id"] == fields["submission_id"]
        sign_in(desk.client, member)
        again = desk.client.post(desk.url("note"), data=waiting)
        assert "Your page timed out" in again.text
        assert SHOWN in again.text
        sent = {**_hidden(again.text), "body": TEXT, "csrf_token": token_in(again.text)}
        assert desk.client.post(desk.url("note"), data=sent).status_code == 302
    assert _notes(app) == 1


def test_a_password_is_not_kept_on_the_page_of_somebody_who_was_signed_out(writing):
    desk = writing[0]
    token = token_in(desk.client.get("/account/password").text)
    secret = "a long secret that has spaces"
    with clock.frozen(clock.utc_now() + timedelta(minutes=31)):
        answer = desk.client.post(
            "/account/password", data={"csrf_token": token, "current": secret, "password": secret}
        )
    assert answer.status_code == 401
    assert secret not in answer.text


def test_a_text_about_a_case_a_colleague_took_meanwhile_is_shown_to_its_writer(
    app: Flask, writing, signed_in: Callable[..., FlaskClient]
):
    desk, _, fields = writing
    colleague = Desk(signed_in(Role.CASEWORKER), desk.reference)
    token = re.search(r'name="version"[^>]*value="(\d+)"', colleague.see())
    assert token
    taken = {"version": token.group(1), "csrf_token": token_in(colleague.see())}
    assert colleague.client.post(colleague.url("take"), data=taken).status_code == 302
    answer = desk.client.post(desk.url("note"), data=fields)
    assert answer.status_code == 404
    assert SHOWN in answer.text
    assert _notes(app) == 0


def test_a_taken_case_and_one_that_never_was_give_the_same_answer(
    writing, signed_in: Callable[..., FlaskClient], file_report
):
    desk, _, fields = writing
    other = Desk(signed_in(Role.CASEWORKER), file_report().case_reference)
    page = other.see()
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    other.client.post(other.url("take"), data={"version": version.group(1), "csrf_token": token_in(page)})
    hidden = desk.client.post(f"/cases/{other.reference}/note", data=fields)
    unknown = desk.client.post("/cases/MS-2026-99999/note", data=fields)
    assert hidden.status_code == unknown.status_code == 404
    assert _without_token(hidden.text) == _without_token(unknown.text)
