"""Links that work once: made, found, told. What is done with one stands in `services`."""

import base64
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import AccountLink, User
from mystery_shopper.accounts.periods import Period, periods
from mystery_shopper.accounts.policy import LinkPurpose
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db, new_id

TOKEN_LENGTH = 43
"""Characters of a token: 32 bytes in base 64."""


def make_link(user: User, purpose: LinkPurpose, *, now: datetime) -> AccountLink:
    """Make a link for a person; the one before, if any, works no more."""
    delete_link(user.id)
    period = Period.INVITATION if purpose is LinkPurpose.INVITATION else Period.RENEWAL
    link = AccountLink(
        id=new_id(), user_id=user.id, purpose=purpose, created_at=now, expires_at=now + periods()[period]
    )
    link.token_hash = hash_token(token_of(link.id))
    db.session.add(link)
    db.session.flush()
    return link


def delete_link(user_id: UUID) -> None:
    """Make the link of a person, if there is one, worthless."""
    db.session.execute(delete(AccountLink).where(AccountLink.user_id == user_id))


def use_up(link: AccountLink) -> bool:
    """Use a link up; False when somebody did before. The database decides between two who open it at once."""
    result = db.session.execute(delete(AccountLink).where(AccountLink.id == link.id))
    return isinstance(result, CursorResult) and result.rowcount == 1


def token_of(link_id: UUID) -> str:
    """Return what stands in the address of a link: 256 bits that only the key file can make."""
    return base64.urlsafe_b64encode(keyring().mac("account-link", link_id.bytes)).decode().rstrip("=")


def hash_token(token: str) -> bytes:
    """Return the keyed digest by which a link is found."""
    return keyring().mac("account-link-found", token.encode())


def find_link(token: str, now: datetime, session: Session | None = None) -> tuple[AccountLink, User] | None:
    """Return the link of an address and whose it is; None when it never was, is over, was used, or was replaced."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    statement = (
        select(AccountLink, User)
        .join(User, User.id == AccountLink.user_id)
        .where(
            AccountLink.token_hash == hash_token(token),
            AccountLink.expires_at > now,
            User.disabled_at.is_(None),
        )
    )
    found = (session or db.session()).execute(statement).one_or_none()
    return None if found is None else (found[0], found[1])


def find_token(user_id: UUID, now: datetime) -> str | None:
    """Return the token of a person's link for the letter that carries it; None when there is none that works."""
    link_id = db.session.scalar(
        select(AccountLink.id).where(AccountLink.user_id == user_id, AccountLink.expires_at > now)
    )
    return None if link_id is None else token_of(link_id)
