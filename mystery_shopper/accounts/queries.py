"""Reading accounts."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mystery_shopper.accounts import session_store
from mystery_shopper.accounts.models import User, UserRole
from mystery_shopper.accounts.policy import Role, fold_email, permissions_of
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission


@dataclass(frozen=True)
class OwnSession:
    """A session as its owner sees it. `key` names it in an address and opens nothing."""

    key: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_current: bool


def get_user(user_id: uuid.UUID) -> User:
    """Return an account.

    Raises:
        NotFoundError: there is none.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def find_user_by_email(email: str, session: Session | None = None) -> User | None:
    """Return the account of an email address in any spelling, None when there is none."""
    return (session or db.session()).scalars(select(User).where(User.email == fold_email(email))).one_or_none()


def list_users(session: Session | None = None) -> Sequence[User]:
    """Return every account, by name."""
    return (session or db.session()).scalars(select(User).order_by(User.name, User.email)).all()


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
            signed_in_at=row.signed_in_at or row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.id_hash == current,
        )
        for row in session_store.list_running(db.session(), user_id, now)
    ]


def names_of(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of accounts by id; unknown ids are left out."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row[0]: row[1] for row in rows}
