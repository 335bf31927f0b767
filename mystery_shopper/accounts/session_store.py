"""Sessions in the database: what a token opens, and for how long."""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, null, or_, select, type_coerce, union_all, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import Absence, Passkey, StoredSession, User, UserRole
from mystery_shopper.accounts.policy import StaffMember, emergency_at
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError, keyring, seal_with, unseal_with

TOKEN_BYTES = 32
TOKEN_MAX = 64
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
VISITOR_DAYS = timedelta(days=2)
SEEN_EVERY = timedelta(minutes=1)

_STORED, _USER = StoredSession.__table__.c, User.__table__.c
_OPENED = (
    select(
        *_STORED,
        _USER.email,
        _USER.name,
        _USER.must_change_password,
        _USER.has_shortcuts,
        _USER.totp_confirmed_at,
        _USER.disabled_at,
        _USER.emergency_case_id,
        _USER.emergency_until,
        exists().where(Passkey.__table__.c.user_id == _USER.id).label("has_passkey"),
    )
    .outerjoin_from(StoredSession.__table__, User.__table__, _USER.id == _STORED.user_id)
    .where(_STORED.id_hash == bindparam("id_hash"))
)
_ROLE, _AWAY = UserRole.__table__.c, Absence.__table__.c
_STANDING = union_all(
    select(_ROLE.role, type_coerce(null(), _AWAY.user_id.type).label("stands_in_for")).where(
        _ROLE.user_id == bindparam("user_id")
    ),
    select(type_coerce(null(), _ROLE.role.type), _AWAY.user_id).where(
        _AWAY.deputy_id == bindparam("user_id"),
        _AWAY.starts_on <= bindparam("day"),
        _AWAY.ends_on >= bindparam("day"),
    ),
)
"""Every request reads these, so they are built once, and of plain columns: rows made into objects take most time."""


@dataclass(frozen=True)
class SessionState:
    """A session as it was read: its times, whose it is, and what is in it (text the web layer understands)."""

    id_hash: bytes
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_id: uuid.UUID | None = None
    signed_in_at: datetime | None = None
    step_up_at: datetime | None = None
    staff: StaffMember | None = None
    content: str = "{}"
    device: str | None = None


def new_token() -> str:
    """Return a fresh token of 256 bits for a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return the keyed digest by which a token is found."""
    return keyring().mac("session", token.encode())


def visit_day(now: datetime) -> datetime:
    """Return the beginning of the day: all that is kept of when a visitor came."""
    return datetime.combine(now.astimezone(UTC).date(), time(0), UTC)


def new_state(token: str, user_id: uuid.UUID | None, now: datetime, device: str | None = None) -> SessionState:
    """Return the state of a session that begins now: 12 hours for staff, until the day after tomorrow for a visitor.

    `device` is kept for staff only.
    """
    if user_id is None:
        day = visit_day(now)
        return SessionState(hash_token(token), day, day, day + VISITOR_DAYS)
    return SessionState(
        hash_token(token), now, now, now + LONGEST, user_id, signed_in_at=now, step_up_at=now, device=device
    )


def load(session: Session, token: str, now: datetime) -> SessionState | None:
    """Return what a token opens; None when it opens nothing, is over, or the account has been closed."""
    if not token or len(token) > TOKEN_MAX or not token.isascii():
        return None
    row: Any = session.execute(_OPENED, {"id_hash": hash_token(token)}).one_or_none()
    if row is None or not is_running(row, now) or row.disabled_at is not None:
        return None
    try:
        content = unseal_with(_data_key(token), row.data, _context(row.id_hash)).decode()
    except UnsealError:
        return None
    return SessionState(
        id_hash=row.id_hash,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        user_id=row.user_id,
        signed_in_at=row.signed_in_at,
        step_up_at=row.step_up_at,
        staff=None if row.user_id is None else _as_staff(session, row, now),
        content=content,
        device=row.device,
    )


def _as_staff(session: Session, row: Any, now: datetime) -> StaffMember:
    standing = session.execute(_STANDING, {"user_id": row.user_id, "day": clock.day_in_london(now)}).all()
    return StaffMember(
        id=row.user_id,
        email=row.email,
        name=row.name,
        roles=frozenset(one.role for one in standing if one.role is not None),
        has_second_factor=row.totp_confirmed_at is not None or row.has_passkey,
        must_change_password=row.must_change_password,
        has_shortcuts=row.has_shortcuts,
        confirmed_at=row.step_up_at,
        stands_in_for=frozenset(one.stands_in_for for one in standing if one.stands_in_for is not None),
        emergency_case_id=emergency_at(row.emergency_case_id, row.emergency_until, now),
    )


def is_running(row: StoredSession, now: datetime) -> bool:
    """Tell whether a session is neither too old nor, for staff, unused for 30 minutes."""
    if now >= row.expires_at:
        return False
    return row.user_id is None or now - row.last_seen_at < IDLE


def insert(session: Session, token: str, state: SessionState) -> None:
    """Store a session that is new."""
    session.add(
        StoredSession(
            id_hash=state.id_hash,
            user_id=state.user_id,
            data=_seal(token, state),
            created_at=state.created_at,
            last_seen_at=state.last_seen_at,
            expires_at=state.expires_at,
            signed_in_at=state.signed_in_at,
            step_up_at=state.step_up_at,
            device=state.device,
        )
    )
    session.flush()


def save(session: Session, token: str, state: SessionState) -> bool:
    """Store what changed in a session; False when somebody has ended it meanwhile (it is not brought back)."""
    result = session.execute(
        update(StoredSession)
        .where(StoredSession.id_hash == state.id_hash)
        .values(data=_seal(token, state), last_seen_at=state.last_seen_at, expires_at=state.expires_at)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def touch(session: Session, state: SessionState) -> None:
    """Note that a session is in use."""
    session.execute(
        update(StoredSession)
        .where(StoredSession.id_hash == state.id_hash)
        .values(last_seen_at=state.last_seen_at, expires_at=state.expires_at)
    )


def seen(state: SessionState, now: datetime) -> SessionState | None:
    """Return the state to store because the session is in use; None when what is stored is recent enough.

    Staff: once a minute. Visitors: once a day, and each day of use gives them another.
    """
    if state.user_id is None:
        day = visit_day(now)
        return replace(state, last_seen_at=day, expires_at=day + VISITOR_DAYS) if day > state.last_seen_at else None
    return replace(state, last_seen_at=now) if now - state.last_seen_at >= SEEN_EVERY else None


def end(session: Session, id_hash: bytes) -> None:
    """End one session."""
    session.execute(delete(StoredSession).where(StoredSession.id_hash == id_hash))


def end_all(session: Session, user_id: uuid.UUID, *, but: bytes | None = None) -> None:
    """End every session of a person, but one if told so."""
    statement = delete(StoredSession).where(StoredSession.user_id == user_id)
    if but is not None:
        statement = statement.where(StoredSession.id_hash != but)
    session.execute(statement)


def end_all_staff(session: Session) -> None:
    """End every session of every member of staff."""
    session.execute(delete(StoredSession).where(StoredSession.user_id.is_not(None)))


def delete_ended(session: Session, now: datetime) -> None:
    """Delete the rows of sessions that are over."""
    idle = (StoredSession.user_id.is_not(None)) & (StoredSession.last_seen_at < now - IDLE)
    session.execute(delete(StoredSession).where(or_(StoredSession.expires_at <= now, idle)))


def list_running(session: Session, user_id: uuid.UUID, now: datetime) -> list[StoredSession]:
    """Return the running sessions of a person, the last used first."""
    statement = (
        select(StoredSession).where(StoredSession.user_id == user_id).order_by(StoredSession.last_seen_at.desc())
    )
    return [row for row in session.scalars(statement) if is_running(row, now)]


def public_key(row: StoredSession) -> str:
    """Return a name for a session that may stand in a page: neither the token nor what it is stored under."""
    return keyring().mac("session-name", row.id_hash).hex()[:24]


def _data_key(token: str) -> bytes:
    return keyring().mac("session-data", token.encode())


def _context(id_hash: bytes) -> str:
    return f"stored_sessions.data:{id_hash.hex()}"


def _seal(token: str, state: SessionState) -> bytes:
    return seal_with(_data_key(token), state.content.encode(), _context(state.id_hash))
