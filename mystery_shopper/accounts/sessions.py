"""Flask sessions kept on the server: the cookie holds a random token and nothing else."""

import secrets
import uuid
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Request, Response, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.datastructures import CallbackDict

from config import Config
from mystery_shopper.accounts import session_store
from mystery_shopper.accounts.devices import device_words
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.session_store import SessionState
from mystery_shopper.accounts.single_sign_on import Started
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, separate_reading, separate_transaction

DATABASE_AWAY = (OperationalError, PoolTimeoutError)
SECOND_STEP = timedelta(minutes=10)
PENDING = "sign_in"
SIGN_ON = "sign_on"
CHALLENGE = "passkey_challenge"
CHALLENGE_BYTES = 32

_serializer = TaggedJSONSerializer()


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What the pages put into and take out of the session, and the steps in which it changes hands.

    `state` is what is stored (None: nothing yet). A step that gives more rights, or takes them away, gives a new token,
    so a token planted or seen before is worth nothing afterwards.
    """

    def __init__(self, token: str, state: SessionState | None, *, is_stale: bool = False) -> None:
        self.token = token
        self.state = state
        self.is_stale = is_stale
        self.replaced: bytes | None = None
        self.modified = False
        self.failure: Exception | None = None
        self.new = state is None
        super().__init__({} if state is None else _serializer.loads(state.content), ServerSession._note_change)

    @staticmethod
    def _note_change(changed: "CallbackDict[str, Any]") -> None:
        cast(ServerSession, changed).modified = True

    @property
    def staff(self) -> StaffMember | None:
        """Return the member of staff who is signed in here, None for a visitor."""
        return None if self.state is None else self.state.staff

    @property
    def id_hash(self) -> bytes | None:
        """Return the digest this session is stored under, None while nothing is stored."""
        return None if self.state is None else self.state.id_hash

    def begin_second_step(self, user_id: uuid.UUID, *, next_path: str, now: datetime) -> None:
        """Remember whose password was right, for ten minutes, in a session with a new token."""
        self._begin(None, now)
        self[PENDING] = {"user_id": str(user_id), "at": now.timestamp(), "next": next_path}

    def pending_user_id(self, now: datetime) -> uuid.UUID | None:
        """Return whose password was right less than ten minutes ago, if anybody's."""
        pending = self.get(PENDING)
        if pending is None or now.timestamp() - pending["at"] > SECOND_STEP.total_seconds():
            return None
        return uuid.UUID(pending["user_id"])

    @property
    def next_path(self) -> str:
        """Return where the person wanted to go before signing in, "" when nowhere."""
        return str(self.get(PENDING, {}).get("next", ""))

    def sign_in(self, user_id: uuid.UUID, now: datetime, *, is_proved_here: bool = True) -> None:
        """Make this the session of a person who has proved who they are; nothing of the visitor's session stays.

        `is_proved_here`: by a second factor of ours, which counts as a fresh proof; another's does not (decision 23).
        """
        self._begin(user_id, now)
        if self.state is not None and not is_proved_here:
            self.state = replace(self.state, step_up_at=None)

    def remember_sign_on(self, started: Started, *, next_path: str, now: datetime) -> None:
        """Remember that the browser was sent to the OpenID provider, for ten minutes."""
        self[SIGN_ON] = {**asdict(started), "next": next_path, "at": now.timestamp()}

    def take_sign_on(self, now: datetime) -> tuple[Started, str] | None:
        """Return what was remembered and where the person wanted to go, once; None when it is too long ago."""
        kept = self.pop(SIGN_ON, None)
        if kept is None or now.timestamp() - kept["at"] > SECOND_STEP.total_seconds():
            return None
        return Started(kept["state"], kept["nonce"], kept["verifier"]), str(kept["next"])

    def new_challenge(self, now: datetime) -> bytes:
        """Return what a passkey is to sign now; it holds for one answer, and for ten minutes."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        self[CHALLENGE] = {"bytes": challenge.hex(), "at": now.timestamp()}
        return challenge

    def take_challenge(self, now: datetime) -> bytes | None:
        """Return what a passkey was to sign, once; None when nothing was asked in the last ten minutes."""
        asked = self.pop(CHALLENGE, None)
        if asked is None or now.timestamp() - asked["at"] > SECOND_STEP.total_seconds():
            return None
        return bytes.fromhex(asked["bytes"])

    def confirm(self, now: datetime) -> None:
        """Note that the signed-in person has proved again who they are; the token changes, the rest stays."""
        self.renew()
        if self.state is not None:
            self.state = replace(self.state, step_up_at=now)

    def renew(self) -> None:
        """Go on under a new token."""
        if self.state is not None:
            self._replace_token()
            self.state = replace(self.state, id_hash=session_store.hash_token(self.token))

    def end(self) -> None:
        """End the session: it is deleted where it is stored, and the browser is told to forget it."""
        self.clear()
        self._replace_token()
        self.state = None

    def _begin(self, user_id: uuid.UUID | None, now: datetime) -> None:
        self.clear()
        self._replace_token()
        device = device_words(request.headers.get("User-Agent", "")) if user_id is not None else None
        self.state = session_store.new_state(self.token, user_id, now, device)

    def _replace_token(self) -> None:
        if self.state is not None and self.replaced is None:
            self.replaced = self.state.id_hash
        self.token = session_store.new_token()
        self.modified = self.new = True


class ServerSessionInterface(SessionInterface):
    """Reads a session when a request begins and stores what changed when it has ended."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return what the cookie opens, or an empty session."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token:
            return ServerSession(session_store.new_token(), None)
        try:
            with separate_reading() as database:
                state = session_store.load(database, token, clock.utc_now())
        except DATABASE_AWAY as error:
            failed = ServerSession(session_store.new_token(), None)
            failed.failure = error
            return failed
        if state is None:
            return ServerSession(session_store.new_token(), None, is_stale=True)
        return ServerSession(token, state)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed, after the request's own unit of work is over, and hand out or take back the cookie."""
        if not isinstance(session, ServerSession):
            return
        response.vary.add("Cookie")
        if session.failure is not None:
            return  # it could not be read, or not be stored: the error page that says so leaves it alone
        try:
            is_stored = self._store(session, clock.utc_now())
        except DATABASE_AWAY as error:
            session.failure = error
            raise
        if not is_stored:
            if session.is_stale or session.replaced is not None:
                self._take_cookie_back(app, response)
        elif session.new:
            self._give_cookie(app, session, response)

    def _store(self, session: ServerSession, now: datetime) -> bool:
        """Write the session if there is something to write; False when it is not (or no longer) stored."""
        if session.modified and not session and (session.state is None or session.state.user_id is None):
            return self._delete(session)
        if session.modified:
            return self._write(session, now)
        if session.state is None:
            return False
        used = session_store.seen(session.state, now)
        if used is not None:
            with _after_the_request() as database:
                session_store.touch(database, used)
        return True

    def _delete(self, session: ServerSession) -> bool:
        stored = session.replaced or (None if session.new else session.id_hash)
        if stored is not None:
            session.replaced = stored
            with _after_the_request() as database:
                session_store.end(database, stored)
        return False

    def _write(self, session: ServerSession, now: datetime) -> bool:
        state = session.state or session_store.new_state(session.token, None, now)
        state = replace(session_store.seen(state, now) or state, content=_serializer.dumps(dict(session)))
        with _after_the_request() as database:
            if not session.new:
                session.replaced = state.id_hash
                return session_store.save(database, session.token, state)
            if session.replaced is not None:
                session_store.end(database, session.replaced)
            session_store.insert(database, session.token, state)
        return True

    def _give_cookie(self, app: Flask, session: ServerSession, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            session.token,
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def _take_cookie_back(self, app: Flask, response: Response) -> None:
        response.delete_cookie(
            self.get_cookie_name(app), secure=self.get_cookie_secure(app), httponly=True, samesite="Lax", path="/"
        )


def _after_the_request() -> Any:
    """Return a transaction of its own, after giving back what the request still holds (SQLite has one write lock)."""
    db.session.remove()
    return separate_transaction()


def current_session() -> ServerSession:
    """Return the session of this request."""
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def report_failure() -> None:
    """Stop a request whose session could not be read: nobody may be taken for a visitor without one.

    Raises:
        OperationalError: as it was raised; the answer is a page that keeps what was typed.
    """
    failure = current_session().failure
    if failure is not None:
        raise failure


def init_app(app: Flask, settings: Config) -> None:
    """Keep the sessions of `app` on the server."""
    app.before_request_funcs.setdefault(None, []).insert(0, report_failure)
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if settings.https else "session"
    app.config["SESSION_COOKIE_SECURE"] = settings.https
    app.session_interface = ServerSessionInterface()
