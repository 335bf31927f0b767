"""Sessions kept on the server, seen from the browser."""

import base64
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from config import Config
from mystery_shopper.accounts import session_store, sessions
from mystery_shopper.accounts.devices import DEVICE_MAX
from mystery_shopper.accounts.models import StoredSession, User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_reading, separate_transaction
from tests.factories.staff import PASSWORD, Member, add_member, give_password, sign_in_member, start_session, token_in

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)


@pytest.fixture
def member(app: Flask) -> Member:
    with app.app_context():
        return add_member(Role.AUDITOR, now=NOW)


def rows(app: Flask) -> list[StoredSession]:
    with app.app_context(), separate_reading() as session:
        return session.query(StoredSession).all()


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def signed_in_at(app: Flask, member: Member, moment: datetime) -> FlaskClient:
    with app.app_context(), separate_transaction() as session:
        token = start_session(session, session.get_one(User, member.id), moment)
    client = app.test_client()
    client.set_cookie("session", token)
    return client


def status(client: FlaskClient, moment: datetime) -> int:
    with clock.frozen(moment):
        return client.get("/account").status_code


def test_a_page_that_keeps_nothing_sets_no_cookie_and_stores_nothing(app: Flask, client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/account").headers
    assert rows(app) == []


def test_the_cookie_is_opaque_and_out_of_reach_of_scripts(app: Flask, client: FlaskClient) -> None:
    header = client.get("/sign-in").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert not {part.split("=")[0] for part in header.split("; ")} & {"Domain", "Max-Age", "Expires"}
    raw = base64.urlsafe_b64decode(cookie_of(client) + "=")
    assert len(raw) == session_store.TOKEN_BYTES
    with pytest.raises(zlib.error):
        zlib.decompress(raw)


def test_over_https_the_cookie_is_bound_to_this_host(app: Flask) -> None:
    settings: Config = replace(app.extensions["settings"], base_url="https://shopper.example")
    other = Flask("other")
    sessions.init_app(other, settings)
    assert (other.config["SESSION_COOKIE_NAME"], other.config["SESSION_COOKIE_SECURE"]) == ("__Host-session", True)


def test_the_table_neither_opens_a_session_nor_shows_what_is_in_it(app: Flask, client: FlaskClient) -> None:
    token = token_in(client.get("/sign-in").text)
    (row,) = rows(app)
    stored = row.id_hash + row.data
    assert cookie_of(client).encode() not in stored
    assert base64.urlsafe_b64decode(cookie_of(client) + "=") not in stored
    assert token.encode() not in stored
    assert b"csrf" not in stored


def test_the_table_has_no_place_for_an_address_and_for_staff_two_words_about_the_browser() -> None:
    assert StoredSession.__table__.columns["device"].type.length == DEVICE_MAX
    assert set(StoredSession.__table__.columns.keys()) == {
        "id_hash",
        "user_id",
        "data",
        "created_at",
        "last_seen_at",
        "expires_at",
        "signed_in_at",
        "step_up_at",
        "device",
    }


def test_of_a_visitor_only_the_day_is_kept(app: Flask, client: FlaskClient) -> None:
    with clock.frozen(NOW):
        client.get("/sign-in")
    (row,) = rows(app)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert (row.created_at, row.last_seen_at, row.expires_at) == (midnight, midnight, midnight + timedelta(days=2))


def test_a_planted_cookie_is_not_taken_over(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("session", "planted-by-somebody-else-with-a-long-enough-value")
    client.get("/sign-in")
    assert cookie_of(client) != "planted-by-somebody-else-with-a-long-enough-value"


def test_each_step_of_signing_in_gives_a_new_token_and_the_old_one_is_dead(
    app: Flask, client: FlaskClient, member: Member
) -> None:
    client.get("/sign-in")
    tokens = [cookie_of(client)]
    give_password(client, member.email, PASSWORD)
    tokens.append(cookie_of(client))
    page = client.get("/sign-in/code").text
    client.post("/sign-in/code", data={"csrf_token": token_in(page), "code": member.code()})
    tokens.append(cookie_of(client))
    assert len(set(tokens)) == 3
    assert len(rows(app)) == 1
    for old in tokens[:2]:
        thief = app.test_client()
        thief.set_cookie("session", old)
        assert thief.get("/account").location.startswith("/sign-in")
        assert thief.get("/sign-in/code").location == "/sign-in"
    assert client.get("/account").status_code == 200


def test_killing_the_row_ends_the_session_with_the_next_request(app: Flask, member: Member) -> None:
    client = signed_in_at(app, member, NOW)
    assert status(client, NOW) == 200
    with app.app_context(), separate_transaction() as session:
        session.execute(text("DELETE FROM stored_sessions"))
    assert status(client, NOW) == 302
    assert client.get_cookie("session") is None


def test_a_session_is_not_brought_back_by_a_request_that_was_running_when_it_ended(app: Flask, member: Member) -> None:
    client = signed_in_at(app, member, NOW)
    token = cookie_of(client)
    with app.app_context():
        with separate_reading() as session:
            state = session_store.load(session, token, NOW)
        assert state is not None
        with separate_transaction() as session:
            session_store.end(session, state.id_hash)
        with separate_transaction() as session:
            assert not session_store.save(session, token, state)
            session_store.touch(session, state)
    assert rows(app) == []


@pytest.mark.parametrize(("minutes", "expected"), [(29, 200), (30, 302), (31, 302)])
def test_thirty_minutes_without_use_end_a_session(app: Flask, member: Member, minutes: int, expected: int) -> None:
    assert status(signed_in_at(app, member, NOW), NOW + timedelta(minutes=minutes)) == expected


def test_twelve_hours_end_a_session_however_much_it_is_used(app: Flask, member: Member) -> None:
    client = signed_in_at(app, member, NOW)
    moments = [NOW + timedelta(minutes=20 * step) for step in range(36)]
    assert {status(client, moment) for moment in moments} == {200}
    assert status(client, NOW + timedelta(hours=12)) == 302


def test_use_is_noted_at_most_once_a_minute(app: Flask, member: Member) -> None:
    client = signed_in_at(app, member, NOW)
    assert status(client, NOW + timedelta(seconds=59)) == 200
    assert rows(app)[0].last_seen_at == NOW
    assert status(client, NOW + timedelta(seconds=61)) == 200
    assert rows(app)[0].last_seen_at == NOW + timedelta(seconds=61)


def test_a_row_copied_under_another_name_opens_nothing(app: Flask, member: Member) -> None:
    client = signed_in_at(app, member, NOW)
    forged = session_store.new_token()
    with app.app_context(), separate_transaction() as session:
        row = session.query(StoredSession).one()
        row.id_hash = session_store.hash_token(forged)
    client.set_cookie("session", forged)
    assert status(client, NOW) == 302


@pytest.mark.parametrize("value", ["", "x", "x" * 65, "x" * 4000, "\u00e9\u00e9", "%00", '"', "a" * 43])
def test_any_cookie_is_answered(app: Flask, client: FlaskClient, value: str) -> None:
    client.set_cookie("session", value)
    assert client.get("/account").status_code == 302


def test_a_browser_may_not_store_what_depends_on_the_cookie(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert "Cookie" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_request_waits_for_the_lock_of_its_own_unit_of_work(app: Flask, member: Member) -> None:
    """A page that writes and also changes the session must not stand in its own way (SQLite has one write lock)."""
    client = app.test_client()
    sign_in_member(client, member)
    page = client.get("/account/recovery-codes")
    assert client.post("/account/recovery-codes", data={"csrf_token": token_in(page.text)}).status_code == 200
