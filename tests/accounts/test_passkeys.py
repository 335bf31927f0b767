"""Passkeys: a real browser with a virtual authenticator, and what is refused without one."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from mystery_shopper.accounts import factors, passkeys, queries, signing_in
from mystery_shopper.accounts.models import StoredSession
from mystery_shopper.accounts.passkeys import NewPasskey, PasskeyRefusedError, RelyingParty
from mystery_shopper.accounts.policy import Role, second_factor_words
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from tests.accounts.test_views import entries_of
from tests.factories.staff import PASSWORD, Member, add_member, give_password, sign_in_member, token_in

PARTY = RelyingParty("shopper.example", "https://shopper.example", "Mystery Shopper")
CHALLENGE = b"c" * 32


def key(number: int = 1) -> NewPasskey:
    return NewPasskey(bytes([number]) * 16, b"key", 0)


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://shopper.example", "shopper.example"),
        ("https://shopper.example:8443/", "shopper.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
        ("http://shopper.example", None),
    ],
)
def test_a_passkey_is_bound_to_a_name_and_to_a_safe_address(base_url: str, host: str | None) -> None:
    party = passkeys.relying_party(base_url, "Mystery Shopper")
    assert (party.host if party else None) == host


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", '{"id": 1}', '{"id": ""}', "[" * 5000, json.dumps({"id": "A" * 5000})],
)
def test_an_answer_that_is_none_proves_nothing_and_breaks_nothing(answer: str) -> None:
    with pytest.raises(PasskeyRefusedError):
        passkeys.credential_id_of(answer)
    with pytest.raises(PasskeyRefusedError):
        passkeys.read_new(PARTY, answer, challenge=CHALLENGE)
    with pytest.raises(PasskeyRefusedError):
        passkeys.check_proof(PARTY, answer, challenge=CHALLENGE, public_key=b"", sign_count=0)


def test_second_factors_are_told_in_words() -> None:
    assert second_factor_words(has_app=True, passkeys=2) == "Authenticator app and 2 passkeys"
    assert second_factor_words(has_app=False, passkeys=1) == "1 passkey"
    assert second_factor_words(has_app=False, passkeys=0) == "None"


def test_the_last_second_factor_stays_and_codes_of_a_removed_app_are_worth_nothing(app: Flask) -> None:
    now = clock.utc_now()
    with app.app_context():
        member = add_member(Role.AUDITOR)
        with pytest.raises(factors.LastFactorError), transaction():
            factors.remove_app(member.id, now=now)
        with transaction():
            first = factors.add_passkey(member.id, key(1), name="Key", now=now).id
            for number, name in ((1, "Other"), (2, "Key"), (2, ""), (2, "x" * 61)):
                with pytest.raises(DomainError):
                    factors.add_passkey(member.id, key(number), name=name, now=now)
        with transaction():
            factors.remove_app(member.id, now=now)
            factors.remove_app(member.id, now=now)
        with pytest.raises(factors.LastFactorError), transaction():
            factors.remove_passkey(member.id, first, now=now)
        assert queries.get_user(member.id).second_factor_words == "1 passkey"
        db.session.rollback()
        assert not signing_in.verify_second_factor(member.id, member.code(), now=now)
        assert signing_in.verify_second_factor(member.id, member.recovery_codes[0], now=now)
    client = app.test_client()
    assert give_password(client, member.email, PASSWORD).location == "/sign-in/code"
    assert client.get("/sign-in/set-up").status_code == 404  # a password alone adds no app beside a passkey
    assert len(entries_of(app, Action.SECOND_FACTOR_REMOVED, member)) == 1


def test_nobody_takes_away_the_passkey_of_another(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner, other = add_member(Role.AUDITOR), add_member(Role.AUDITOR)
        with transaction():
            found = factors.add_passkey(owner.id, key(), name="Key", now=clock.utc_now()).id
    sign_in_member(client, other)
    token = token_in(client.get("/account").text)
    assert client.post(f"/account/passkeys/{found}/remove", data={"csrf_token": token}).status_code == 404
    assert client.post(f"/account/passkeys/{uuid4()}/remove", data={"csrf_token": token}).status_code == 404
    with app.app_context():
        assert [one.id for one in queries.list_passkeys(owner.id)] == [found]


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application at an address that has a name, as passkeys want it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, base_url=f"http://localhost:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["settings"] = before


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give a page a passkey of its own, as a telephone or laptop has one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return session, made["authenticatorId"]


def enter(page: Page, site: str, member: Member, code: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Email address").fill(member.email)
    page.get_by_label("Password", exact=True).fill(member.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continue").click()


def age_the_proof(app: Flask) -> None:
    """Let ten minutes pass since anybody proved who they are."""
    with app.app_context(), transaction() as session:
        session.execute(update(StoredSession).values(step_up_at=clock.utc_now() - timedelta(minutes=10)))


@pytest.mark.browser
def test_a_passkey_is_made_signs_in_confirms_and_cannot_be_copied(app: Flask, site: str, chromium: Browser) -> None:
    with app.app_context():
        member = add_member(Role.ADMINISTRATOR)
    page = chromium.new_context().new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    authenticator, authenticator_id = with_authenticator(page)
    enter(page, site, member, member.code())

    page.goto(f"{site}/account/passkeys/add")
    assert not page.get_by_text("Your browser did not give a passkey").is_visible()
    page.get_by_label("Name of this passkey").fill("Work laptop")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("rowheader", name="Passkey “Work laptop”").wait_for()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{site}/admin/users")

    age_the_proof(app)
    page.goto(f"{site}/admin/users/new")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{site}/admin/users/new")
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Caseworker", exact=True).check()
    age_the_proof(app)
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_role("heading", name="Ada Lovelace").wait_for()  # what was typed went on by itself

    place = {"authenticatorId": authenticator_id}
    (credential,) = authenticator.send("WebAuthn.getCredentials", place)["credentials"]
    assert credential["signCount"] > 1
    authenticator.send("WebAuthn.clearCredentials", place)
    authenticator.send("WebAuthn.addCredential", {**place, "credential": {**credential, "signCount": 0}})
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/passkey")
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_text("Your passkey was not accepted").first.wait_for()
    assert refused == []
    page.context.close()
