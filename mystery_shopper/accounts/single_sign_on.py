"""Single sign-on by an OpenID provider: authorization code with PKCE, state and nonce. Decision 23 says what it proves.

Knows nothing of accounts: it returns who the provider says has signed in, or raises. What the provider sends is read
with joserfc; only asymmetric signatures are taken, so a token signed with the client's own secret is none.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.errors import DomainError

Answer = TypeVar("Answer")

SCOPE = "openid email"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5
METADATA_SECONDS = 3600
TOKEN_BYTES = 32
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SingleSignOnError(DomainError):
    """The provider did not prove who somebody is. Why stands in `reason`, for the log, without what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__("Signing in there did not work. Try again, or sign in with your password here")
        self.reason = reason


@dataclass(frozen=True)
class Provider:
    """The provider as the settings name it. `second_factors`: `amr` or `acr` values that stand for a second factor."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    second_factors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Started:
    """What has to be remembered in the session of the browser that was sent away, and nowhere else."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Person:
    """Who has signed in there. `key` is a keyed digest of issuer and subject; `email` is empty unless verified."""

    key: bytes
    email: str
    has_second_factor: bool


def start(provider: Provider, redirect_uri: str) -> tuple[str, Started]:
    """Return where to send the browser, and what to remember until it comes back.

    Raises:
        SingleSignOnError: the provider does not answer, or says something else than it should.
    """
    started = Started(*(secrets.token_urlsafe(TOKEN_BYTES) for _ in range(3)))
    with _client(provider, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            _metadata(provider)["authorization_endpoint"],
            state=started.state,
            nonce=started.nonce,
            code_verifier=started.verifier,
        )
    return str(address), started


def finish(
    provider: Provider, started: Started, answer: Mapping[str, str], redirect_uri: str, *, now: datetime
) -> Person:
    """Return who the provider says has signed in.

    Raises:
        SingleSignOnError: another state, issuer, audience or nonce, a token that is over or not signed by the provider,
            or no answer.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), started.state.encode()):
        raise SingleSignOnError("state")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise SingleSignOnError("issuer of the answer")
    if not answer.get("code"):
        raise SingleSignOnError("no code")
    metadata = _metadata(provider)
    token = _asking(lambda: _fetch_token(provider, metadata, started, answer["code"], redirect_uri))
    claims = read_token(provider, token, _keys(metadata["jwks_uri"]), nonce=started.nonce, now=now)
    return _person(provider, claims)


def sign_out_address(provider: Provider, back_to: str) -> str | None:
    """Return where somebody signs out of the provider too, None when it has no such page.

    Raises:
        SingleSignOnError: the provider does not answer.
    """
    address = _metadata(provider).get("end_session_endpoint")
    if not isinstance(address, str) or not _is_safe(provider, address):
        return None
    fields = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back_to})
    return f"{address}{'&' if parse_qs(urlsplit(address).query) else '?'}{fields}"


def read_token(provider: Provider, token: str, keys: KeySet, *, nonce: str, now: datetime) -> Mapping[str, Any]:
    """Return the claims of an ID token.

    Raises:
        SingleSignOnError: not signed by the provider, not for us, not for this sign-in, or over.
    """
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SingleSignOnError(f"ID token: {type(error).__name__}") from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise SingleSignOnError("authorized party")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise SingleSignOnError("subject")
    return claims


def _person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    methods = claims.get("amr", [])
    proved = {str(one) for one in methods} if isinstance(methods, list) else set()
    proved.add(str(claims.get("acr", "")))
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Person(
        key=keyring().mac("single-sign-on", f"{provider.issuer}\0{claims['sub']}".encode("utf-8", "replace")),
        email=str(email) if is_verified else "",
        has_second_factor=bool(proved & provider.second_factors),
    )


def _client(provider: Provider, redirect_uri: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _fetch_token(
    provider: Provider, metadata: Mapping[str, Any], started: Started, code: str, redirect_uri: str
) -> str:
    with _client(provider, redirect_uri) as client:
        answer = client.fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=started.verifier,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SingleSignOnError("no ID token")
    return token


def _metadata(provider: Provider) -> Mapping[str, Any]:
    found = _fetch_json(provider.issuer.rstrip("/") + DISCOVERY, _this_hour())
    if found.get("issuer") != provider.issuer:
        raise SingleSignOnError("issuer of the configuration")
    if not all(isinstance(found.get(name), str) and _is_safe(provider, found[name]) for name in ENDPOINTS):
        raise SingleSignOnError("addresses of the configuration")
    return found


def _keys(address: str) -> KeySet:
    """Return the keys of the provider, asked for each time: it may have changed them a minute ago."""
    found = _asking(lambda: _get_json(address))
    try:
        return KeySet.import_key_set(found)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SingleSignOnError("keys") from error


def _is_safe(provider: Provider, address: str) -> bool:
    """Tell whether an address is as safe as the issuer's own: https, or http with a provider on this machine."""
    return address.startswith("https://") or (provider.issuer.startswith("http://") and address.startswith("http://"))


def _this_hour() -> int:
    return int(time.monotonic()) // METADATA_SECONDS


@lru_cache(maxsize=4)
def _fetch_json(address: str, _hour: int) -> Mapping[str, Any]:
    return _asking(lambda: _get_json(address))


def _get_json(address: str) -> Mapping[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    read = answer.json()
    if not isinstance(read, dict):
        raise SingleSignOnError("answer of the provider")
    return read


def _asking(ask: Callable[[], Answer]) -> Answer:
    """Ask the provider; whatever goes wrong on the way is one error."""
    try:
        return ask()
    except (requests.RequestException, AuthlibBaseError, ValueError, KeyError) as error:
        raise SingleSignOnError(type(error).__name__) from error
