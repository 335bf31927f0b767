"""Single sign-on: against a provider that runs on this machine, and tokens that are refused."""

import base64
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from config import OidcSettings, load_config
from mystery_shopper.accounts import services, single_sign_on
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.single_sign_on import Provider, SingleSignOnError
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import ConfigurationError
from tests.accounts.test_views import entries_of, send, set_up, state_of
from tests.factories.staff import Member, add_member
from tests.support.server import free_port

ISSUER = "https://id.example"
PROVIDER = Provider("Example", ISSUER, "shopper", "secret", frozenset({"mfa"}))
SETTINGS = {"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": "shopper", "OIDC_CLIENT_SECRET": "a secret"}


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


def claims(**changes: Any) -> dict[str, Any]:
    now = int(clock.utc_now().timestamp())
    made = {"iss": ISSUER, "aud": "shopper", "sub": "ada", "nonce": "n", "iat": now, "exp": now + 60, **changes}
    return {name: value for name, value in made.items() if value is not None}


def read(token: str, key: RSAKey) -> Any:
    keys = KeySet([RSAKey.import_key(key.as_dict(private=False))])
    return single_sign_on.read_token(PROVIDER, token, keys, nonce="n", now=clock.utc_now())


def test_a_token_of_the_provider_for_us_and_for_this_sign_in_is_read(key: RSAKey) -> None:
    assert read(jwt.encode({"alg": "RS256", "kid": "1"}, claims(), key), key)["sub"] == "ada"
    several = claims(aud=["shopper", "other"], azp="shopper")
    assert read(jwt.encode({"alg": "RS256", "kid": "1"}, several, key), key)["azp"] == "shopper"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["shopper", "other"]},
        {"aud": ["shopper", "other"], "azp": "other"},
        {"nonce": "m"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"nbf": 4102444800},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_token_that_says_anything_else_is_refused(key: RSAKey, changes: dict[str, Any]) -> None:
    with pytest.raises(SingleSignOnError):
        read(jwt.encode({"alg": "RS256", "kid": "1"}, claims(**changes), key), key)


def test_a_token_somebody_else_signed_is_refused(key: RSAKey) -> None:
    other = RSAKey.generate_key(2048, {"kid": "1"})
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims())
    )
    shared = jwt.encode({"alg": "HS256", "kid": "1"}, claims(), OctKey.import_key("secret" * 8))
    for token in (jwt.encode({"alg": "RS256", "kid": "1"}, claims(), other), f"{unsigned}.", shared, "", "a.b.c"):
        with pytest.raises(SingleSignOnError):
            read(token, key)


@pytest.mark.parametrize(
    "changes",
    [
        {"OIDC_ISSUER": "http://id.example"},
        {"OIDC_ISSUER": "http://localhost.example"},
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_CLIENT_SECRET": ""},
    ],
)
def test_settings_that_cannot_be_right_stop_the_start_and_the_secret_is_in_no_output(changes: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        load_config(SETTINGS | changes)
    assert "a secret" not in repr(load_config(SETTINGS))
    assert load_config({}).oidc is None


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own; each test tells it who its people are."""
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                requests.get(address + single_sign_on.DISCOVERY, timeout=2)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def sso(app: Flask, issuer: str) -> Iterator[Flask]:
    """The application with that provider."""
    before = app.extensions["settings"]
    oidc = OidcSettings("Example ID", issuer, "shopper", "secret", frozenset({"mfa"}))
    app.extensions["settings"] = replace(before, oidc=oidc)
    yield app
    app.extensions["settings"] = before


def know(issuer: str, sub: str, **told: Any) -> None:
    """Tell the provider what it is to say of a person."""
    requests.put(f"{issuer}/users/{sub}", json=told, timeout=5).raise_for_status()


def leave(client: FlaskClient, path: str = "/sign-in/provider") -> str:
    """Go to the provider; returns its address with all that was asked for."""
    answer = client.get(path)
    assert answer.status_code == 302
    return str(answer.location)


def sign_in_there(address: str, sub: str) -> str:
    """Sign in at the provider; returns the path it sends the browser back to."""
    answer = requests.post(address, data={"sub": sub}, timeout=5, allow_redirects=False)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_a_person_the_provider_knows_comes_in_with_a_code_of_ours_and_is_known_by_it_from_then_on(
    sso: Flask, issuer: str, client: FlaskClient
) -> None:
    with sso.app_context():
        member, other = add_member(Role.AUDITOR), add_member(Role.AUDITOR)
    know(issuer, "robin", email=member.email.upper(), email_verified=True)
    assert "Sign in with Example ID" in client.get("/sign-in").text
    address = leave(client, "/sign-in/provider?next=/audit?action%3Dx")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    back = sign_in_there(address, "robin")
    assert client.get(back).location == "/sign-in/code"
    assert client.get("/audit").status_code == 302  # the provider alone, as a password alone, opens nothing
    assert send(client, "/sign-in/code", code=member.code()).location == "/audit?action=x"
    assert client.get("/audit").status_code == 200
    assert client.get(back).location == "/sign-in"  # an answer is taken once

    know(issuer, "robin", email=other.email, email_verified=True)  # the person's address changes: the account does not
    again = sso.test_client()
    assert again.get(sign_in_there(leave(again), "robin")).location == "/sign-in/code"
    with sso.app_context():
        assert again.get("/sign-in/code").status_code == 200
    know(issuer, "thief", email=member.email, email_verified=True)  # and the address given to another opens nothing
    thief = sso.test_client()
    assert thief.get(sign_in_there(leave(thief), "thief")).status_code == 403
    assert len(entries_of(sso, Action.ACCOUNT_SIGN_ON_LINKED, member)) == 1
    assert entries_of(sso, Action.ACCOUNT_SIGN_ON_LINKED, other) == []


def test_a_second_factor_of_the_provider_counts_where_the_setting_says_so(sso: Flask, issuer: str) -> None:
    with sso.app_context():
        member = add_member(Role.AUDITOR)
        with transaction():
            invited = services.invite_user(
                email="new@example.org", name="New", roles=[Role.AUDITOR], actor="system", now=clock.utc_now()
            ).email
    know(issuer, "mfa", email=member.email, email_verified=True, amr=["pwd", "mfa"])
    client = sso.test_client()
    assert client.get(sign_in_there(leave(client), "mfa")).location == "/account/home"
    assert client.get("/audit").status_code == 200
    asked = client.get("/audit.csv").location  # it is no fresh proof
    assert asked.startswith("/account/confirm?")
    assert client.get(asked).status_code == 200
    assert send(client, asked, confirm_code=member.code()).location == "/audit.csv"
    assert client.get("/audit.csv").status_code == 200
    know(issuer, "new", email=invited, email_verified=True, amr=["mfa"])
    fresh = sso.test_client()
    # A fresh proof is always one of ours, so a person without a second factor here sets one up.
    assert fresh.get(sign_in_there(leave(fresh), "new")).location == "/sign-in/set-up"
    assert set_up(fresh).status_code == 200
    assert fresh.get("/audit").status_code == 200
    assert fresh.get("/audit.csv").status_code == 200  # a factor set up a moment ago is a fresh proof


def test_who_came_in_by_the_provider_and_has_no_second_factor_any_more_is_led_to_set_one_up(
    sso: Flask, issuer: str
) -> None:
    with sso.app_context():
        member = add_member(Role.AUDITOR)
    know(issuer, "lost", email=member.email, email_verified=True, amr=["mfa"])
    client = sso.test_client()
    assert client.get(sign_in_there(leave(client), "lost")).location == "/account/home"
    with sso.app_context(), transaction() as session:
        user = session.get_one(User, member.id)
        user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = None
    for path in ("/audit.csv", "/account/confirm?next=/audit.csv"):
        assert client.get(path).location == "/sign-in/set-up"
    assert set_up(client).status_code == 200
    assert client.get("/audit.csv").status_code == 200


def test_who_has_no_open_account_or_no_verified_address_stays_outside(
    sso: Flask, issuer: str, client: FlaskClient
) -> None:
    with sso.app_context():
        member, closed = add_member(Role.AUDITOR), add_member(Role.AUDITOR)
        with transaction():
            services.disable_user(services.queries.get_user(closed.id), actor="system", now=clock.utc_now())
    for sub, told in (
        ("stranger", {"email": "stranger@example.org", "email_verified": True}),
        ("unverified", {"email": member.email}),
        ("claimed", {"email": member.email, "email_verified": "true"}),
        ("closed", {"email": closed.email, "email_verified": True}),
        ("none", {}),
    ):
        know(issuer, sub, **told)
        answer = client.get(sign_in_there(leave(client), sub))
        assert (answer.status_code, "There is no open account here for you" in answer.text) == (403, True), sub
    assert state_of(sso, member).sign_on_key is None


def test_an_answer_that_is_not_to_what_was_asked_is_refused(sso: Flask, issuer: str, client: FlaskClient) -> None:
    with sso.app_context():
        member = add_member(Role.AUDITOR)
    know(issuer, "ada", email=member.email, email_verified=True)
    other = sso.test_client()
    stolen = sign_in_there(leave(other), "ada")
    assert client.get(stolen).location == "/sign-in"  # nothing was asked in this browser
    for change in (
        lambda path: path.replace("state=", "state=x"),
        lambda path: path.replace("code=", "code=x"),
        lambda path: path.split("?")[0],
        lambda path: path + "&iss=https://evil.example",
    ):
        back = sign_in_there(leave(client), "ada")
        answer = client.get(change(back))
        assert (answer.status_code, "Signing in there did not work" in answer.text) == (403, True)
    back = sign_in_there(leave(client).replace("nonce=", "nonce=x"), "ada")
    assert client.get(back).status_code == 403
    leave(client)
    with clock.frozen(clock.utc_now() + timedelta(minutes=11)):
        assert client.get(back).location == "/sign-in"
    assert client.get("/account").status_code == 302


def test_the_secret_behind_the_challenge_stays_here(sso: Flask) -> None:
    provider = Provider("Example", sso.extensions["settings"].oidc.issuer, "shopper", "secret")
    with sso.app_context():
        address, started = single_sign_on.start(provider, "http://localhost/sign-in/provider/return")
    asked = parse_qs(urlsplit(address).query)
    digest = hashlib.sha256(started.verifier.encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).decode().rstrip("=")]
    assert started.verifier not in address


def test_signing_out_leads_to_signing_out_there_too(sso: Flask, issuer: str, client: FlaskClient) -> None:
    assert "Sign out of Example ID too" in client.get("/sign-in?signed_out=yes").text
    assert str(client.get("/sign-in/provider/sign-out").location).startswith(f"{issuer}/oauth2/end_session?client_id=")


def test_a_provider_that_is_down_or_is_another_leaves_the_password(sso: Flask, issuer: str) -> None:
    settings = sso.extensions["settings"]
    for wrong in (f"http://127.0.0.1:{free_port()}", f"{issuer}/"):
        sso.extensions["settings"] = replace(settings, oidc=replace(settings.oidc, issuer=wrong))
        answer = sso.test_client().get("/sign-in/provider")
        assert (answer.status_code, "sign in with your password here" in answer.text) == (403, True), wrong


def test_without_the_setting_there_is_no_single_sign_on(client: FlaskClient) -> None:
    assert "Sign in with your" not in client.get("/sign-in").text
    for path in ("/sign-in/provider", "/sign-in/provider/return?code=1&state=2", "/sign-in/provider/sign-out"):
        assert client.get(path).location == "/sign-in"


def test_renewing_access_forgets_who_somebody_is_there(sso: Flask, issuer: str, client: FlaskClient) -> None:
    with sso.app_context():
        member: Member = add_member(Role.AUDITOR)
    know(issuer, "forgotten", email=member.email, email_verified=True)
    client.get(sign_in_there(leave(client), "forgotten"))
    assert state_of(sso, member).sign_on_key is not None
    with sso.app_context(), transaction():
        services.renew_access(services.queries.get_user(member.id), actor="system", now=clock.utc_now())
    assert state_of(sso, member).sign_on_key is None
