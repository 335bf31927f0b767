"""Members of staff for tests: made through the services, signed in through the pages."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mystery_shopper.accounts import second_factor, services, session_store, signing_in
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction

PASSWORD = "zebra cobalt nimbus kettle"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Member:
    """How a member of staff signs in. `secret` is None until the second factor has been set up."""

    id: uuid.UUID
    email: str
    password: str
    secret: str | None
    recovery_codes: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """Return how the person is named in the audit log."""
        return f"user:{self.id}"

    def code(self, *, steps: int = 0, now: datetime | None = None) -> str:
        """Return the code of the authenticator app, `steps` half-minutes from now."""
        assert self.secret is not None
        return second_factor.code_at(self.secret, second_factor.step_at(now or clock.utc_now()) + steps)


def add_member(
    *roles: Role, email: str = "", name: str = "Robin Example", enrolled: bool = True, now: datetime | None = None
) -> Member:
    """Add an account with its own password; `enrolled` with the second factor set up an hour ago."""
    moment = now or clock.utc_now()
    address = email or f"member-{uuid.uuid4().hex[:12]}@example.org"
    held = roles or (Role.CASEWORKER,)
    with transaction():
        made = services.create_user(email=address, name=name, roles=held, password=PASSWORD, actor="system", now=moment)
        user_id = made.user.id
    if not enrolled:
        return Member(user_id, address, PASSWORD, None)
    earlier = moment - timedelta(hours=1)
    secret, _ = signing_in.begin_enrolment(user_id)
    first_code = second_factor.code_at(secret, second_factor.step_at(earlier))
    codes = signing_in.confirm_enrolment(user_id, first_code, now=earlier)
    assert codes is not None
    return Member(user_id, address, PASSWORD, secret, tuple(codes))


def token_in(page: str) -> str:
    """Return the token of the forms of a page."""
    found = _TOKEN.search(page)
    assert found, "the page has no form with a token"
    return found.group(1)


def give_password(client: FlaskClient, email: str, password: str, *, path: str = "/sign-in") -> TestResponse:
    """Send the first page of signing in."""
    token = token_in(client.get(path).text)
    return client.post(path, data={"csrf_token": token, "email": email, "password": password})


def sign_in_member(client: FlaskClient, member: Member) -> None:
    """Sign in through the pages, both steps."""
    assert give_password(client, member.email, member.password).location == "/sign-in/code"
    token = token_in(client.get("/sign-in/code").text)
    answer = client.post("/sign-in/code", data={"csrf_token": token, "code": member.code()})
    assert answer.status_code == 302, answer.text


def start_session(session: Session, user: User, now: datetime) -> str:
    """Store a session of somebody who has proved who they are, without the pages; return the token for the cookie."""
    token = session_store.new_token()
    session_store.insert(session, token, session_store.new_state(token, user.id, now))
    return token
