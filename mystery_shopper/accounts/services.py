"""What is done to accounts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mystery_shopper.accounts import password_rules, passwords, queries, second_factor, session_store, signing_in
from mystery_shopper.accounts.models import EMAIL_MAX, NAME_MAX, SECRET_CONTEXT, User, UserRole
from mystery_shopper.accounts.policy import Role, check_roles, fold_email
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import vault
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.text import clean_line

ONE_TIME_PASSWORD_LASTS = timedelta(hours=24)
SUBJECT = "account"


class EmailTakenError(DomainError):
    """There is an account with this email address already."""


class EmailNotAllowedError(DomainError):
    """This is not an email address."""


class OwnAccountError(DomainError):
    """Nobody may do this to their own account."""


@dataclass(frozen=True)
class NewAccess:
    """An account and the one-time password to hand to its owner; the password is not kept in the clear anywhere."""

    user: User
    one_time_password: str


def create_user(
    *, email: str, name: str, roles: Collection[Role], actor: str, now: datetime, password: str | None = None
) -> NewAccess:
    """Create an account. Its owner sets up the second factor at the first sign-in.

    Without `password` the owner gets a one-time password for 24 hours, to be changed at the first sign-in. A given
    password (demonstration) has to obey the rules and stays.

    Raises:
        EmailTakenError, EmailNotAllowedError, RolesNotAllowedError, PasswordNotAllowedError, DomainError: see there.
    """
    check_roles(roles)
    address, clean_name = _check_email(email), _check_name(name)
    if queries.find_user_by_email(address) is not None:
        raise EmailTakenError("There is already an account with this email address", field="email")
    if password is not None:
        password_rules.check_password(password, about=(clean_name, address))
    chosen = password or passwords.one_time_password()
    user = User(
        id=new_id(),
        email=address,
        name=clean_name,
        password_hash=passwords.hash_password(chosen),
        must_change_password=password is None,
        password_expires_at=None if password else now + ONE_TIME_PASSWORD_LASTS,
        data_key=vault.create_data_key(now),
        created_at=now,
        role_rows=[UserRole(role=role) for role in sorted(set(roles))],
    )
    db.session.add(user)
    _record(Action.ACCOUNT_CREATED, user, actor=actor, now=now)
    return NewAccess(user, chosen)


def change_roles(user: User, roles: Collection[Role], *, actor: str, now: datetime) -> None:
    """Give a person other roles; every session of the person ends.

    Raises:
        RolesNotAllowedError: the roles may not meet in one person.
        OwnAccountError: the actor's own account.
    """
    _refuse_own(user, actor)
    check_roles(roles)
    kept = {row.role: row for row in user.role_rows}
    user.role_rows = [kept.get(role) or UserRole(role=role) for role in sorted(set(roles))]
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_ROLES_CHANGED, user, actor=actor, now=now)


def disable_user(user: User, *, actor: str, now: datetime) -> None:
    """Close an account: every session ends at once and no sign-in works. Done twice it changes nothing.

    Raises:
        OwnAccountError: the actor's own account.
    """
    _refuse_own(user, actor)
    if user.is_disabled:
        return
    user.disabled_at = now
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_DISABLED, user, actor=actor, now=now)


def reset_access(user: User, *, actor: str, now: datetime) -> NewAccess:
    """Give a person who lost password or telephone a new one-time password, and open the account if it was closed.

    Second factor, recovery codes and sessions are gone; the second factor is set up again at the next sign-in.

    Raises:
        OwnAccountError: the actor's own account.
    """
    _refuse_own(user, actor)
    chosen = passwords.one_time_password()
    user.password_hash = passwords.hash_password(chosen)
    user.must_change_password, user.password_expires_at = True, now + ONE_TIME_PASSWORD_LASTS
    user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = user.disabled_at = None
    signing_in.delete_recovery_codes(db.session(), user.id)
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_RESET, user, actor=actor, now=now)
    return NewAccess(user, chosen)


def change_password(user: User, new_password: str, *, keep: bytes | None, actor: str, now: datetime) -> None:
    """Change a person's own password; every other session ends (`keep` is the digest of the one in use).

    The current password is compared before, by `signing_in.confirm_password`.

    Raises:
        PasswordNotAllowedError: too short, too long, easy to guess, or the one in use.
    """
    password_rules.check_password(new_password, about=(user.name, user.email))
    if passwords.is_right(user.password_hash, new_password):
        raise password_rules.PasswordNotAllowedError("Enter a password you do not use now", field="password")
    user.password_hash = passwords.hash_password(new_password)
    user.must_change_password, user.password_expires_at = False, None
    session_store.end_all(db.session(), user.id, but=keep)
    _record(Action.PASSWORD_CHANGED, user, actor=actor, now=now)


def replace_recovery_codes(user: User, *, actor: str, now: datetime) -> list[str]:
    """Give a person ten new recovery codes, to be shown once; the old ones stop working."""
    codes = signing_in.replace_recovery_codes(db.session(), user.id)
    _record(Action.RECOVERY_CODES_REPLACED, user, actor=actor, now=now)
    return codes


def end_session(user: User, session_key: str, *, actor: str, now: datetime) -> None:
    """End one of a person's own sessions, named as `session_store.public_key` names it; an ended one stays ended."""
    for row in session_store.list_running(db.session(), user.id, now):
        if session_store.public_key(row) == session_key:
            session_store.end(db.session(), row.id_hash)
            _record(Action.ACCOUNT_SESSION_ENDED, user, actor=actor, now=now)


def enrol_for_demonstration(user: User, *, now: datetime) -> None:
    """Set up the second factor of a demonstration account without its owner; codes come from `demo_codes`."""
    secret = second_factor.new_secret()
    user.totp_sealed = vault.seal(user.data_key, secret, f"{SECRET_CONTEXT}:{user.id}")
    user.totp_confirmed_at = now
    _record(Action.SECOND_FACTOR_ENROLLED, user, actor="system", now=now)


def demo_codes(users: Sequence[User], *, now: datetime) -> dict[str, str]:
    """Return the codes the authenticator apps of demonstration accounts would show now, by email address.

    The caller makes sure that this is a demonstration (setting DEMO).
    """
    codes = {user.email: signing_in.current_code(user, now) for user in users}
    return {email: code for email, code in codes.items() if code is not None}


def _check_email(email: str) -> str:
    address = fold_email(clean_line(email))
    local, at, domain = address.rpartition("@")
    if not (local and at and "." in domain.strip(".") and " " not in address):
        raise EmailNotAllowedError("Enter an email address in the correct format, like name@example.com", field="email")
    if len(address) > EMAIL_MAX:
        raise EmailNotAllowedError(f"Email address must be {EMAIL_MAX} characters or fewer", field="email")
    return address


def _check_name(name: str) -> str:
    clean = clean_line(name)
    if not clean:
        raise DomainError("Enter a name", field="name")
    if len(clean) > NAME_MAX:
        raise DomainError(f"Name must be {NAME_MAX} characters or fewer", field="name")
    return clean


def _refuse_own(user: User, actor: str) -> None:
    if user.actor == actor:
        raise OwnAccountError("You cannot do this to your own account. Ask another administrator.")


def _record(action: Action, user: User, *, actor: str, now: datetime) -> None:
    audit.record(action, actor=actor, subject=SUBJECT, subject_id=user.id, now=now)
