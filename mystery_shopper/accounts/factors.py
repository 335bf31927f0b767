"""The second factors of a person: adding and taking away. The last one stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from mystery_shopper.accounts.events import SecondFactorChanged
from mystery_shopper.accounts.models import PASSKEY_NAME_MAX, Passkey, User
from mystery_shopper.accounts.passkeys import NewPasskey, PasskeyRefusedError
from mystery_shopper.accounts.queries import get_passkey, lock_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import Occasion, publish
from mystery_shopper.core.text import clean_line

SUBJECT = "account"
MOST_PASSKEYS = 10


class LastFactorError(DomainError):
    """Without this one the person would have no second factor."""

    def __init__(self) -> None:
        super().__init__("This is your only second factor, so it stays. Add another one first.")


def add_passkey(user_id: UUID, new: NewPasskey, *, name: str, now: datetime) -> Passkey:
    """Add a passkey of a person; `name` is what its owner calls it.

    Raises:
        DomainError: no name, one that is too long or taken, or too many passkeys.
        PasskeyRefusedError: somebody has this passkey already.
    """
    user, words = lock_user(user_id), clean_line(name)
    held = db.session.scalars(select(Passkey.name).where(Passkey.user_id == user.id)).all()
    if not words or len(words) > PASSKEY_NAME_MAX:
        raise DomainError(f"Enter a name of {PASSKEY_NAME_MAX} characters or fewer", field="name")
    if words in held:
        raise DomainError("Enter a name you have not given to another passkey", field="name")
    if len(held) >= MOST_PASSKEYS:
        raise DomainError(f"You have {MOST_PASSKEYS} passkeys, which is the most. Remove one first.", field="name")
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == new.credential_id)) is not None:
        raise PasskeyRefusedError
    passkey = Passkey(
        id=new_id(),
        user_id=user.id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        name=words,
        added_on=day_of(now),
    )
    db.session.add(passkey)
    _changed(user, Action.SECOND_FACTOR_ENROLLED, now)
    return passkey


def note_app_added(user_id: UUID, *, now: datetime) -> None:
    """Tell a person that an authenticator app was added; it is on record already (`signing_in.confirm_enrolment`)."""
    user = lock_user(user_id)
    publish(SecondFactorChanged(), Occasion(subject=user, actor=user.actor, now=now))


def remove_passkey(user_id: UUID, passkey_id: UUID, *, now: datetime) -> None:
    """Take a passkey away.

    Raises:
        NotFoundError: the person has no such passkey.
        LastFactorError: it is the only second factor.
    """
    user = lock_user(user_id)
    passkey = get_passkey(user.id, passkey_id)
    if not user.has_app and user.passkey_count == 1:
        raise LastFactorError
    db.session.delete(passkey)
    _changed(user, Action.SECOND_FACTOR_REMOVED, now)


def remove_app(user_id: UUID, *, now: datetime) -> None:
    """Take the authenticator app away. Done twice it changes nothing.

    Raises:
        LastFactorError: it is the only second factor.
    """
    user = lock_user(user_id)
    if not user.has_app:
        return
    if user.passkey_count == 0:
        raise LastFactorError
    user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = None
    _changed(user, Action.SECOND_FACTOR_REMOVED, now)


def delete_all(user_id: UUID) -> None:
    """Delete every passkey of a person whose access is renewed."""
    db.session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def _changed(user: User, action: Action, now: datetime) -> None:
    audit.record(action, actor=user.actor, subject=SUBJECT, subject_id=user.id, now=now)
    db.session.expire(user, ["passkey_count"])
    publish(SecondFactorChanged(), Occasion(subject=user, actor=user.actor, now=now))
