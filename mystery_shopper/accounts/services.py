"""What is done to accounts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mystery_shopper.accounts import (
    factors,
    links,
    password_rules,
    passwords,
    queries,
    second_factor,
    session_store,
    signing_in,
)
from mystery_shopper.accounts.closing import held_by
from mystery_shopper.accounts.events import AccountClosed, LinkMade, PasswordChanged, RolesChanged, SecondFactorChanged
from mystery_shopper.accounts.models import EMAIL_MAX, NAME_MAX, SECRET_CONTEXT, User, UserRole
from mystery_shopper.accounts.policy import LinkPurpose, Role, check_roles, fold_email
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import vault
from mystery_shopper.core.addresses import is_email
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.events import SYSTEM, Occasion, publish
from mystery_shopper.core.text import clean_line

NO_PASSWORD = ""
ONE_TIME_PASSWORD_LASTS = timedelta(hours=24)
SUBJECT = "account"


class EmailTakenError(DomainError):
    """There is an account with this email address already."""


class EmailNotAllowedError(DomainError):
    """This is not an email address."""


class OwnAccountError(DomainError):
    """Nobody may do this to their own account."""


class LastAdministratorError(DomainError):
    """Without this person nobody could administer accounts."""


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
    user = _new_user(email, name, roles, now)
    if password is not None:
        password_rules.check_password(password, about=(user.name, user.email))
    chosen = password or passwords.one_time_password()
    user.password_hash = passwords.hash_password(chosen)
    user.must_change_password = password is None
    user.password_expires_at = None if password else now + ONE_TIME_PASSWORD_LASTS
    db.session.add(user)
    _record(Action.ACCOUNT_CREATED, user, actor=actor, now=now)
    return NewAccess(user, chosen)


def invite_user(*, email: str, name: str, roles: Collection[Role], actor: str, now: datetime) -> User:
    """Create an account and send its owner a link that works once; nobody else ever sees the link or a password.

    Raises:
        EmailTakenError, EmailNotAllowedError, RolesNotAllowedError, DomainError: see there.
    """
    user = _new_user(email, name, roles, now)
    db.session.add(user)
    _record(Action.ACCOUNT_INVITED, user, actor=actor, now=now)
    _send(user, LinkPurpose.INVITATION, actor=actor, now=now)
    return user


def send_link(user: User, *, actor: str, now: datetime) -> None:
    """Send the invitation again, or a link to choose another password; the link before works no more.

    The password in use stays until the link is used, so that nobody is shut out by a link they did not ask for.

    Raises:
        OwnAccountError: the actor's own account.
        DomainError: the account is closed.
    """
    _refuse_own(user, actor)
    if user.is_disabled:
        raise DomainError("This account is closed. Open it again first.")
    _send(user, LinkPurpose.PASSWORD if user.password_hash else LinkPurpose.INVITATION, actor=actor, now=now)


def withdraw_link(user: User, *, actor: str, now: datetime) -> None:
    """Make the link of a person worthless: an invitation that went to the wrong address."""
    links.delete_link(user.id)
    _record(Action.ACCOUNT_LINK_WITHDRAWN, user, actor=actor, now=now)


def renew_access(user: User, *, actor: str, now: datetime) -> None:
    """Let a person who lost the second factor begin anew by a link, and open the account if it was closed.

    Password, second factors, recovery codes and sessions are gone.

    Raises:
        OwnAccountError: the actor's own account.
        DomainError: the account was erased.
    """
    _refuse_own(user, actor)
    was_closed = user.is_disabled
    _forget_access(user)
    user.password_hash, user.must_change_password, user.password_expires_at = "", False, None
    _record(Action.ACCOUNT_ENABLED if was_closed else Action.ACCOUNT_RESET, user, actor=actor, now=now)
    _send(user, LinkPurpose.ACCESS, actor=actor, now=now)


def use_link(token: str, password: str, *, now: datetime) -> User:
    """Let the person of a link choose a password; the link works no more, and every session ends.

    Raises:
        NotFoundError: the link does not work, or not any more.
        PasswordNotAllowedError: too short, too long, or easy to guess.
    """
    found = links.find_link(token, now)
    if found is None:
        raise NotFoundError
    link, user = found
    password_rules.check_password(password, about=(user.name, user.email))
    if not links.use_up(link):
        raise NotFoundError
    user.password_hash = passwords.hash_password(password)
    user.must_change_password, user.password_expires_at = False, None
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_LINK_USED, user, actor=user.actor, now=now)
    if link.purpose is not LinkPurpose.INVITATION:
        publish(PasswordChanged(), Occasion(subject=user, actor=user.actor, now=now))
    return user


def change_roles(user: User, roles: Collection[Role], *, actor: str, now: datetime) -> None:
    """Give a person other roles; every session of the person ends.

    Raises:
        RolesNotAllowedError: the roles may not meet in one person.
        OwnAccountError: the actor's own account.
        LastAdministratorError: nobody else could administer accounts.
    """
    _refuse_own(user, actor)
    check_roles(roles)
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(user, actor)
    kept = {row.role: row for row in user.role_rows}
    user.role_rows = [kept.get(role) or UserRole(role=role) for role in sorted(set(roles))]
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_ROLES_CHANGED, user, actor=actor, now=now)
    publish(RolesChanged(), Occasion(subject=user, actor=actor, now=now))


def disable_user(user: User, *, actor: str, now: datetime) -> None:
    """Close an account: every session ends at once and no sign-in or link works. Done twice it changes nothing.

    Work the person holds stays theirs until it is handed over; those who can do that are told.

    Raises:
        OwnAccountError: the actor's own account.
        LastAdministratorError: nobody else could administer accounts.
    """
    _refuse_own(user, actor)
    if user.is_disabled:
        return
    _keep_an_administrator(user, actor)
    user.disabled_at = now
    links.delete_link(user.id)
    session_store.end_all(db.session(), user.id)
    _record(Action.ACCOUNT_DISABLED, user, actor=actor, now=now)
    publish(AccountClosed(holds_work=bool(held_by(user.id))), Occasion(subject=user, actor=actor, now=now))


def end_sessions(user: User, *, actor: str, now: datetime, keep: bytes | None = None) -> None:
    """Sign a person out everywhere, but for the session `keep` names."""
    session_store.end_all(db.session(), user.id, but=keep)
    _record(Action.ACCOUNT_SESSIONS_ENDED, user, actor=actor, now=now)


def end_everybodys_sessions(*, actor: str, now: datetime) -> None:
    """Sign every member of staff out at once, the actor too: when sessions may have been stolen."""
    session_store.end_all_staff(db.session())
    audit.record(Action.ACCOUNT_SESSIONS_ENDED, actor=actor, subject=SUBJECT, subject_id="all", now=now)


def reset_access(user: User, *, actor: str, now: datetime) -> NewAccess:
    """Give a person who lost password or telephone a new one-time password, and open the account if it was closed.

    For the operator at the machine, who may have no mail yet; pages send a link instead (`renew_access`). Second
    factor, recovery codes and sessions are gone; the second factor is set up again at the next sign-in.

    Raises:
        OwnAccountError: the actor's own account.
        DomainError: the account was erased.
    """
    _refuse_own(user, actor)
    chosen = passwords.one_time_password()
    user.password_hash = passwords.hash_password(chosen)
    user.must_change_password, user.password_expires_at = True, now + ONE_TIME_PASSWORD_LASTS
    _forget_access(user)
    _record(Action.ACCOUNT_RESET, user, actor=actor, now=now)
    return NewAccess(user, chosen)


def _forget_access(user: User) -> None:
    """Forget second factor, recovery codes, links and sessions of a person, and that the account was closed.

    Raises:
        DomainError: the account was erased.
    """
    if user.erased_on is not None:
        raise DomainError("This account was erased. Make a new one.")
    user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = user.disabled_at = None
    user.sign_on_key = None
    factors.delete_all(user.id)
    signing_in.delete_recovery_codes(db.session(), user.id)
    links.delete_link(user.id)
    session_store.end_all(db.session(), user.id)


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
    publish(PasswordChanged(), Occasion(subject=user, actor=actor, now=now))


def replace_recovery_codes(user: User, *, actor: str, now: datetime) -> list[str]:
    """Give a person ten new recovery codes, to be shown once; the old ones stop working."""
    codes = signing_in.replace_recovery_codes(db.session(), user.id)
    _record(Action.RECOVERY_CODES_REPLACED, user, actor=actor, now=now)
    publish(SecondFactorChanged(), Occasion(subject=user, actor=actor, now=now))
    return codes


def end_session(user: User, session_key: str, *, actor: str, now: datetime) -> None:
    """End one of a person's own sessions, named as `session_store.public_key` names it; an ended one stays ended."""
    for row in session_store.list_running(db.session(), user.id, now):
        if session_store.public_key(row) == session_key:
            session_store.end(db.session(), row.id_hash)
            _record(Action.ACCOUNT_SESSION_ENDED, user, actor=actor, now=now)


def choose_shortcuts(user: User, *, is_on: bool) -> None:
    """Let pages listen to single keys of a person, or not. It is a matter of comfort, and not on record."""
    user.has_shortcuts = is_on
    db.session.flush()


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


def _new_user(email: str, name: str, roles: Collection[Role], now: datetime) -> User:
    """Return a new account without a password, not yet in the session of the database."""
    check_roles(roles)
    address, clean_name = _check_email(email), _check_name(name)
    if queries.find_user_by_email(address) is not None:
        raise EmailTakenError("There is already an account with this email address", field="email")
    return User(
        id=new_id(),
        email=address,
        name=clean_name,
        password_hash=NO_PASSWORD,
        must_change_password=False,
        data_key=vault.create_data_key(now),
        created_at=now,
        role_rows=[UserRole(role=role) for role in sorted(set(roles))],
    )


def _send(user: User, purpose: LinkPurpose, *, actor: str, now: datetime) -> None:
    db.session.flush()
    links.make_link(user, purpose, now=now)
    _record(Action.ACCOUNT_LINK_SENT, user, actor=actor, now=now)
    made = LinkMade(is_invitation=purpose is LinkPurpose.INVITATION)
    publish(made, Occasion(subject=user, actor=actor, now=now))


def _keep_an_administrator(user: User, actor: str) -> None:
    """Refuse to take away the last administrator who can come in. An operator at the machine can make another."""
    if actor == SYSTEM or Role.ADMINISTRATOR not in user.roles:
        return
    if not [one for one in queries.lock_administrators() if one.id != user.id and one.has_second_factor]:
        raise LastAdministratorError(
            f"{user.name} is the only administrator who can sign in. Make another administrator first."
        )


def _check_email(email: str) -> str:
    address = fold_email(clean_line(email))
    if not is_email(address):
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
