"""Signing in, step by step.

Unlike other services these commit, on connections of their own: an attempt must be counted before it is looked at,
whatever becomes of the request, and the slow comparison of a password must hold no lock. Views that call them are
therefore not `@transactional`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from mystery_shopper.accounts import attempts, passwords, second_factor, session_store
from mystery_shopper.accounts.models import EMAIL_MAX, SECRET_CONTEXT, Passkey, RecoveryCode, User
from mystery_shopper.accounts.passkeys import PasskeyRefusedError, RelyingParty, check_proof, credential_id_of
from mystery_shopper.accounts.policy import fold_email
from mystery_shopper.accounts.queries import find_passkey, find_user_by_email
from mystery_shopper.accounts.single_sign_on import Person
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.core import vault
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import day_of, separate_reading, separate_transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, TooManyAttemptsError
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.text import clean_line

NOBODY = "visitor"
UNKNOWN = "unknown"
SUBJECT = "account"
ONE_MINUTE = 60


@dataclass(frozen=True)
class PasswordAccepted:
    """Whose password was right, and whether the second factor is to be asked for or set up."""

    user_id: uuid.UUID
    has_second_factor: bool


@dataclass(frozen=True)
class _Known:
    """What is compared with the password, read before the comparison."""

    user_id: uuid.UUID
    password_hash: str
    is_usable: bool
    has_second_factor: bool


def authenticate(email: str, password: str, *, now: datetime) -> PasswordAccepted | None:
    """Compare a password; None when anything at all is wrong, after the same work and without saying what.

    Raises:
        TooManyAttemptsError: too many people, or one machine, are trying on the whole service.
        UnavailableError: no room for another comparison in ten seconds.
    """
    address = _address(email)
    subject = f"sign-in:{address}"
    allowed = _count(subject, now)
    known = _find(address, now)
    usable_hash = known.password_hash if known and known.is_usable and allowed else None
    right = passwords.is_right(usable_hash, password)
    if known is not None and usable_hash is not None and right:
        _accept(known, password, subject, now)
        return PasswordAccepted(known.user_id, known.has_second_factor)
    _record_failure(Action.ACCOUNT_SIGN_IN_FAILED, known.user_id if known else None, allowed, now)
    return None


def confirm_password(user_id: uuid.UUID, password: str, *, now: datetime) -> bool:
    """Compare the password of a person who is signed in already; counted and recorded like any other attempt."""
    with separate_reading() as session:
        email = _get(session, user_id).email
    if authenticate(email, password, now=now) is None:
        return False
    with separate_transaction() as session:
        _record(session, Action.ACCOUNT_CONFIRMED, user_id, now)
    return True


def verify_second_factor(
    user_id: uuid.UUID, typed: str, *, now: datetime, action: Action = Action.ACCOUNT_SIGNED_IN
) -> bool:
    """Tell whether a code of the authenticator app, or a recovery code, is right; either works once.

    `action` is what the right code is recorded as: signing in, or confirming who somebody is.

    Raises:
        TooManyAttemptsError: as `authenticate`.
    """
    subject = f"code:{user_id}"
    allowed = _count(subject, now)
    if allowed and _use_code(user_id, typed, now):
        with separate_transaction() as session:
            attempts.forget(session, subject)
            _record(session, action, user_id, now)
            if action is Action.ACCOUNT_SIGNED_IN:
                _note_day(session, user_id, now)
        return True
    _record_failure(Action.SECOND_FACTOR_FAILED, user_id, allowed, now)
    return False


def accept_sign_on(person: Person, *, now: datetime) -> PasswordAccepted | None:
    """Return whose account a person of the OpenID provider has here; None when there is none, or it is closed.

    The first time the account is found by the verified email address; from then on only by who they are there, so that
    an address given to somebody else later opens nothing. `PasswordAccepted`: it stands for the password.
    """
    with separate_transaction() as session:
        user = session.scalars(select(User).where(User.sign_on_key == person.key)).one_or_none()
        if user is None and person.email:
            user = find_user_by_email(person.email, session)
            if user is not None and user.sign_on_key is None and not user.is_disabled:
                user.sign_on_key = person.key
                _record(session, Action.ACCOUNT_SIGN_ON_LINKED, user.id, now)
        if user is not None and user.sign_on_key == person.key and not user.is_disabled:
            return PasswordAccepted(user.id, user.has_second_factor)
    _record_failure(Action.ACCOUNT_SIGN_IN_FAILED, None, True, now)
    return None


def note_signed_in(user_id: uuid.UUID, *, now: datetime) -> None:
    """Record that a person has signed in without a step of ours that would have: the provider proved both factors."""
    with separate_transaction() as session:
        _record(session, Action.ACCOUNT_SIGNED_IN, user_id, now)
        _note_day(session, user_id, now)


def note_sign_on_failed(*, now: datetime) -> None:
    """Record that the OpenID provider proved nothing."""
    _record_failure(Action.ACCOUNT_SIGN_IN_FAILED, None, True, now)


def verify_passkey(
    party: RelyingParty,
    answer: str,
    *,
    challenge: bytes,
    now: datetime,
    user_id: uuid.UUID | None = None,
    action: Action = Action.ACCOUNT_SIGNED_IN,
) -> uuid.UUID | None:
    """Return who a passkey proves its holder to be, None when it proves nothing; `user_id`: only this person will do.

    Raises:
        TooManyAttemptsError: as `authenticate`.
    """
    try:
        credential_id = credential_id_of(answer)
        subject = f"passkey:{user_id or credential_id.hex()}"
        allowed = _count(subject, now)
        found = _use_passkey(party, answer, credential_id, challenge, now, user_id) if allowed else None
    except PasskeyRefusedError:
        found, allowed = None, True
    if found is None:
        _record_failure(Action.SECOND_FACTOR_FAILED, user_id, allowed, now)
        return None
    with separate_transaction() as session:
        attempts.forget(session, subject)
        _record(session, action, found, now)
        if action is Action.ACCOUNT_SIGNED_IN:
            _note_day(session, found, now)
    return found


def _use_passkey(
    party: RelyingParty,
    answer: str,
    credential_id: bytes,
    challenge: bytes,
    now: datetime,
    wanted: uuid.UUID | None,
) -> uuid.UUID | None:
    """Check a proof and put down the new count; of two with the same count one is refused."""
    with separate_transaction() as session:
        found = find_passkey(credential_id, session)
        if found is None or found[1].is_disabled or wanted not in (None, found[1].id):
            return None
        passkey, user = found
        counted = check_proof(
            party, answer, challenge=challenge, public_key=passkey.public_key, sign_count=passkey.sign_count
        )
        same = (Passkey.id == passkey.id) & (Passkey.sign_count == passkey.sign_count)
        used = update(Passkey).where(same).values(sign_count=counted, last_used_on=day_of(now))
        return user.id if _changed_one(session.execute(used)) else None


def begin_enrolment(user_id: uuid.UUID, *, is_first: bool = True) -> tuple[str, str]:
    """Return the secret that is waiting to be confirmed (a new one if there is none) and the person's email address.

    `is_first`: by somebody who has proved no more than a password, so only where there is no second factor at all.

    Raises:
        NotFoundError: the second factor has been set up already.
    """
    with separate_transaction() as session:
        user = _get(session, user_id)
        if user.has_app or (is_first and user.has_second_factor):
            raise NotFoundError
        secret = _secret(user)
        if secret is None:
            secret = second_factor.new_secret()
            _keep_secret(user, secret)
        return secret, user.email


def confirm_enrolment(user_id: uuid.UUID, typed: str, *, now: datetime, is_first: bool = True) -> list[str] | None:
    """Confirm the waiting secret by its first code; return the recovery codes, None when the code is wrong.

    Somebody who is signed in and adds an app to a passkey (`is_first` False) keeps the recovery codes there are.

    Raises:
        TooManyAttemptsError: as `authenticate`.
        NotFoundError: the second factor has been set up already.
    """
    subject = f"code:{user_id}"
    allowed = _count(subject, now)
    with separate_transaction() as session:
        user = _get(session, user_id)
        secret = _secret(user)
        if user.has_app or secret is None or (is_first and user.has_second_factor):
            raise NotFoundError
        step = second_factor.matching_step(secret, typed, now) if allowed else None
        if step is not None:
            user.totp_confirmed_at, user.totp_last_step = now, step
            attempts.forget(session, subject)
            _record(session, Action.SECOND_FACTOR_ENROLLED, user_id, now)
            if not is_first:
                return []
            codes = replace_recovery_codes(session, user.id)
            _record(session, Action.ACCOUNT_SIGNED_IN, user_id, now)
            user.last_signed_in_on = day_of(now)
            return codes
    _record_failure(Action.SECOND_FACTOR_FAILED, user_id, allowed, now)
    return None


def sign_out(user_id: uuid.UUID, *, now: datetime) -> None:
    """Record that a person signed out; the session ends with the answer."""
    with separate_transaction() as session:
        _record(session, Action.ACCOUNT_SIGNED_OUT, user_id, now)


def replace_recovery_codes(session: Session, user_id: uuid.UUID) -> list[str]:
    """Give a person ten new recovery codes and make the old ones worthless; they are never shown again."""
    delete_recovery_codes(session, user_id)
    codes = second_factor.new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_recovery_hash(user_id, code)) for code in codes)
    session.flush()
    return codes


def delete_recovery_codes(session: Session, user_id: uuid.UUID) -> None:
    """Make every recovery code of a person worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def current_code(user: User, now: datetime) -> str | None:
    """Return the code an authenticator app would show now; only the demonstration may ask."""
    secret = _secret(user)
    return None if secret is None else second_factor.code_at(secret, second_factor.step_at(now))


def _count(subject: str, now: datetime) -> bool:
    with separate_transaction() as session:
        service_allowed = attempts.is_service_allowed(session, now)
        allowed = service_allowed and attempts.is_allowed(session, subject, now)
    if not service_allowed:
        raise TooManyAttemptsError(
            "Too many people are signing in just now. Try again in a minute.", retry_after_seconds=ONE_MINUTE
        )
    return allowed


def _address(email: str) -> str:
    """Return an address as it is looked up; "" for what no address can be."""
    try:
        address = fold_email(clean_line(email))
    except DomainError:
        return ""
    return address if len(address) <= EMAIL_MAX else ""


def _find(email: str, now: datetime) -> _Known | None:
    with separate_reading() as session:
        user = find_user_by_email(email, session)
        if user is None:
            return None
        expired = user.password_expires_at is not None and user.password_expires_at <= now
        usable = bool(user.password_hash) and not (user.is_disabled or expired)
        return _Known(user.id, user.password_hash, usable, user.has_second_factor)


def _accept(known: _Known, password: str, subject: str, now: datetime) -> None:
    rehashed = passwords.hash_password(password) if passwords.is_outdated(known.password_hash) else None
    with separate_transaction() as session:
        attempts.forget(session, subject)
        attempts.delete_old(session, now)
        session_store.delete_ended(session, now)
        user = _get(session, known.user_id)
        if rehashed is not None:
            user.password_hash = rehashed
        if not user.has_second_factor:
            # Whoever saw the secret of an attempt that was given up must not hold the second factor of the next.
            user.totp_sealed = None


def _use_code(user_id: uuid.UUID, typed: str, now: datetime) -> bool:
    with separate_transaction() as session:
        user = _get(session, user_id)
        if user.is_disabled or not user.has_second_factor:
            return False
        secret = _secret(user) if user.has_app else None
        step = second_factor.matching_step(secret, typed, now) if secret is not None else None
        if step is not None:
            return _use_step(session, user_id, step)
        return _use_recovery_code(session, user_id, typed, now)


def _use_step(session: Session, user_id: uuid.UUID, step: int) -> bool:
    """Use up a step; False when it, or a later one, was used before. The database decides between two workers."""
    unused = or_(User.totp_last_step.is_(None), User.totp_last_step < step)
    result = session.execute(update(User).where(User.id == user_id, unused).values(totp_last_step=step))
    return _changed_one(result)


def _use_recovery_code(session: Session, user_id: uuid.UUID, typed: str, now: datetime) -> bool:
    code = second_factor.fold_recovery_code(typed)
    if code is None:
        return False
    wanted = (RecoveryCode.code_hash == _recovery_hash(user_id, code)) & RecoveryCode.used_at.is_(None)
    if not _changed_one(session.execute(update(RecoveryCode).where(wanted).values(used_at=now))):
        return False
    _record(session, Action.RECOVERY_CODE_USED, user_id, now)
    return True


def _note_day(session: Session, user_id: uuid.UUID, now: datetime) -> None:
    """Note on which day a person signed in last; no reason for somebody who edits the account to start again."""
    session.execute(update(User).where(User.id == user_id).values(last_signed_in_on=day_of(now)))


def _changed_one(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1


def _recovery_hash(user_id: uuid.UUID, code: str) -> bytes:
    folded = second_factor.fold_recovery_code(code) or ""
    return keyring().mac("recovery-code", f"{user_id}:{folded}".encode())


def _get(session: Session, user_id: uuid.UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def _secret(user: User) -> str | None:
    if user.totp_sealed is None:
        return None
    return vault.unseal(user.data_key, user.totp_sealed, f"{SECRET_CONTEXT}:{user.id}")


def _keep_secret(user: User, secret: str) -> None:
    user.totp_sealed = vault.seal(user.data_key, secret, f"{SECRET_CONTEXT}:{user.id}")


def _record(session: Session, action: Action, user_id: uuid.UUID, now: datetime) -> None:
    audit.record(action, actor=staff_actor(user_id), subject=SUBJECT, subject_id=user_id, now=now, session=session)


def _record_failure(action: Action, user_id: uuid.UUID | None, allowed: bool, now: datetime) -> None:
    """Record a failure; the address that was typed is not kept: it may be a password in the wrong field."""
    outcome = Outcome.FAILED if allowed else Outcome.REFUSED
    audit.record_access(action, actor=NOBODY, subject=SUBJECT, subject_id=user_id or UNKNOWN, outcome=outcome, now=now)
