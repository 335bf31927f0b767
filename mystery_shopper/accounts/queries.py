"""Reading accounts."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mystery_shopper.accounts import session_store
from mystery_shopper.accounts.devices import UNKNOWN_BROWSER
from mystery_shopper.accounts.models import AccountLink, Passkey, RecoveryCode, User, UserRole
from mystery_shopper.accounts.policy import STATE_COLOURS, AccountState, Role, fold_email, permissions_of, state_of
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission


@dataclass(frozen=True)
class OwnSession:
    """A session as its owner sees it. `key` names it in an address and opens nothing."""

    key: str
    device: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_current: bool


@dataclass(frozen=True)
class AccountLine:
    """An account as an administrator sees it; `link_until` is when the link that was sent ends, None without one."""

    user: User
    state: AccountState
    link_until: datetime | None

    @property
    def colour(self) -> str:
        """Return the colour of the tag that names the state."""
        return STATE_COLOURS[self.state]


def get_user(user_id: uuid.UUID) -> User:
    """Return an account.

    Raises:
        NotFoundError: there is none.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def get_account_user(user_id: uuid.UUID) -> User:
    """Return an account an administrator can act on.

    Raises:
        NotFoundError: there is none, or it was erased.
    """
    user = get_user(user_id)
    if user.erased_on is not None:
        raise NotFoundError
    return user


def find_user_by_email(email: str, session: Session | None = None) -> User | None:
    """Return the account of an email address in any spelling, None when there is none."""
    return (session or db.session()).scalars(select(User).where(User.email == fold_email(email))).one_or_none()


def list_users(session: Session | None = None) -> Sequence[User]:
    """Return every account that was not erased, by name."""
    statement = select(User).where(User.erased_on.is_(None)).order_by(User.name, User.email)
    return (session or db.session()).scalars(statement).all()


def lock_administrators() -> Sequence[User]:
    """Return the administrators whose accounts are open, locked: two who remove each other wait for one another."""
    holders = select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR)
    statement = select(User).where(User.disabled_at.is_(None), User.id.in_(holders)).order_by(User.id)
    return db.session.scalars(statement.with_for_update(of=User), execution_options={"populate_existing": True}).all()


def list_accounts(now: datetime) -> list[AccountLine]:
    """Return every account as an administrator sees it, by name."""
    links = {row[0]: row[1] for row in db.session.execute(select(AccountLink.user_id, AccountLink.expires_at))}
    return [_line(user, links.get(user.id), now) for user in list_users()]


def get_account(user_id: uuid.UUID, now: datetime) -> AccountLine:
    """Return one account as an administrator sees it.

    Raises:
        NotFoundError: there is none, or it was erased.
    """
    user = get_account_user(user_id)
    until = db.session.scalar(select(AccountLink.expires_at).where(AccountLink.user_id == user_id))
    return _line(user, until, now)


def _line(user: User, link_until: datetime | None, now: datetime) -> AccountLine:
    state = state_of(
        is_closed=user.is_disabled,
        has_password=bool(user.password_hash),
        has_second_factor=user.has_second_factor,
        link_until=link_until,
        now=now,
    )
    return AccountLine(user, state, link_until if link_until is not None and now < link_until else None)


def list_assignable() -> Sequence[User]:
    """Return the people a case can be given to: not disabled, and allowed to work on cases; by name."""
    return list_holders(Permission.CASE_WORK)


def list_holders(permission: Permission) -> Sequence[User]:
    """Return the people who hold a permission and are not disabled, by name."""
    roles = [role for role in Role if permission in permissions_of([role])]
    holders = select(UserRole.user_id).where(UserRole.role.in_(roles))
    statement = select(User).where(User.disabled_at.is_(None), User.id.in_(holders)).order_by(User.name, User.email)
    return db.session.scalars(statement).all()


def list_sessions(user_id: uuid.UUID, *, current: bytes | None, now: datetime) -> list[OwnSession]:
    """Return the running sessions of a person, the last used first; `current` is the digest of the one in use."""
    return [
        OwnSession(
            key=session_store.public_key(row),
            device=row.device or UNKNOWN_BROWSER,
            signed_in_at=row.signed_in_at or row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.id_hash == current,
        )
        for row in session_store.list_running(db.session(), user_id, now)
    ]


def count_recovery_codes(user_id: uuid.UUID) -> int:
    """Return how many recovery codes a person has not used yet."""
    unused = (RecoveryCode.user_id == user_id) & RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).where(unused)) or 0


def list_passkeys(user_id: uuid.UUID) -> Sequence[Passkey]:
    """Return the passkeys of a person, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.added_on, Passkey.name, Passkey.id)
    ).all()


def get_passkey(user_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """Return a passkey of a person.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = db.session.get(Passkey, passkey_id)
    if found is None or found.user_id != user_id:
        raise NotFoundError
    return found


def find_passkey(credential_id: bytes, session: Session) -> tuple[Passkey, User] | None:
    """Return the passkey with an id and whose it is, None when nobody has it."""
    statement = select(Passkey, User).join(User, User.id == Passkey.user_id)
    found = session.execute(statement.where(Passkey.credential_id == credential_id)).one_or_none()
    return None if found is None else (found[0], found[1])


def lock_user(user_id: uuid.UUID) -> User:
    """Return an account as it stands now, locked: of two who each take a second factor away, one has to wait.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(User).where(User.id == user_id).with_for_update(of=User)
    user = db.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if user is None:
        raise NotFoundError
    return user


def names_of(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of accounts by id; unknown ids are left out."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row[0]: row[1] for row in rows}
