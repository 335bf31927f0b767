"""The steps of signing in, against the database."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, text

from mystery_shopper.accounts import second_factor, services, session_store, signing_in
from mystery_shopper.accounts.models import AttemptTally, RecoveryCode, User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core.db import db, separate_reading, transaction
from mystery_shopper.core.errors import NotFoundError, TooManyAttemptsError
from tests.factories.staff import PASSWORD, Member, add_member, start_session

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
WRONG = "kettle nimbus cobalt zebra"


@pytest.fixture
def member(app_context: Flask) -> Member:
    return add_member(now=NOW)


def recorded(action: str) -> list[tuple[str, str, str]]:
    """Return who, on whom, and how it ended, of every entry of an action."""
    with separate_reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq))
        return [(row.actor, row.subject_id, row.outcome) for row in rows]


def use_code(member: Member, code: str, now: datetime = NOW) -> bool:
    return signing_in.verify_second_factor(member.id, code, now=now)


def test_the_right_password_is_accepted_in_any_spelling_of_the_address(member: Member) -> None:
    accepted = signing_in.authenticate(f"  {member.email.upper()} ", PASSWORD, now=NOW)
    assert accepted == signing_in.PasswordAccepted(member.id, True)


@pytest.mark.parametrize(
    "password", ["", WRONG, PASSWORD + "x", PASSWORD[:-1], PASSWORD.upper(), "\x00", "\ud800", "x" * 200]
)
def test_any_other_password_is_refused_and_recorded(member: Member, password: str) -> None:
    assert signing_in.authenticate(member.email, password, now=NOW) is None
    assert recorded("account:sign-in-failed") == [("visitor", str(member.id), "failed")]


@pytest.mark.parametrize("email", ["nobody@example.org", "", "\x00", "\ud800@example.org", "x" * 5000, "' OR 1=1 --"])
def test_an_unknown_address_is_refused_and_not_kept(member: Member, email: str) -> None:
    assert signing_in.authenticate(email, PASSWORD, now=NOW) is None
    assert recorded("account:sign-in-failed") == [("visitor", "unknown", "failed")]


def test_a_disabled_account_and_an_expired_one_time_password_are_refused(app_context: Flask) -> None:
    with transaction():
        made = services.create_user(email="new@example.org", name="New", roles=[Role.AUDITOR], actor="system", now=NOW)
        password = made.one_time_password
    assert signing_in.authenticate("new@example.org", password, now=NOW + timedelta(hours=23)) is not None
    assert signing_in.authenticate("new@example.org", password, now=NOW + timedelta(hours=24)) is None
    member = add_member(now=NOW)
    with transaction() as session:
        services.disable_user(session.get_one(User, member.id), actor="system", now=NOW)
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is None


@pytest.mark.usefixtures("real_passwords")
def test_a_weak_digest_is_replaced_when_the_password_is_right(member: Member) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction() as session:
        session.get_one(User, member.id).password_hash = weak
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is not None
    with separate_reading() as session:
        assert session.get_one(User, member.id).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_after_five_wrong_passwords_the_right_one_waits_a_minute(member: Member) -> None:
    for _ in range(5):
        assert signing_in.authenticate(member.email, WRONG, now=NOW) is None
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW + timedelta(seconds=59)) is None
    assert recorded("account:sign-in-failed")[-1] == ("visitor", str(member.id), "refused")
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW + timedelta(seconds=60)) is not None


def test_a_stranger_cannot_lock_a_person_out_for_more_than_fifteen_minutes(member: Member) -> None:
    now = NOW
    for _ in range(60):
        signing_in.authenticate(member.email, WRONG, now=now)
        now += timedelta(seconds=13)
    assert signing_in.authenticate(member.email, PASSWORD, now=now + timedelta(minutes=15)) is not None


def test_a_right_password_clears_the_count(member: Member) -> None:
    for _ in range(3):
        for _ in range(4):
            signing_in.authenticate(member.email, WRONG, now=NOW)
        assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is not None


def test_the_whole_service_refuses_after_its_limit(app_context: Flask) -> None:
    with transaction() as session:
        signing_in.attempts.is_service_allowed(session, NOW)
        session.query(AttemptTally).one().attempts = 120
    with pytest.raises(TooManyAttemptsError):
        signing_in.authenticate("nobody@example.org", PASSWORD, now=NOW)


def test_of_fifty_wrong_passwords_at_once_at_most_six_are_compared(app: Flask) -> None:
    with app.app_context():
        member = add_member(now=NOW)

    def attempt(_: int) -> None:
        with app.app_context():
            signing_in.authenticate(member.email, WRONG, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, range(50)))
    with app.app_context():
        outcomes = [outcome for _, _, outcome in recorded("account:sign-in-failed")]
    assert (len(outcomes), outcomes.count("failed")) == (50, 5)


@pytest.mark.usefixtures("real_passwords")
def test_nobody_wrong_locked_and_disabled_cost_the_same_work(member: Member) -> None:
    disabled, locked = add_member(now=NOW), add_member(now=NOW)
    with transaction() as session:
        services.disable_user(session.get_one(User, disabled.id), actor="system", now=NOW)
    for _ in range(5):
        signing_in.authenticate(locked.email, WRONG, now=NOW)

    def work(email: str, number: int) -> float:
        before = time.thread_time()
        assert signing_in.authenticate(email, WRONG, now=NOW + timedelta(microseconds=number)) is None
        return time.thread_time() - before

    emails = ("nobody@example.org", member.email, locked.email, disabled.email)
    rounds = [[work(email, number) for email in emails] for number in range(4)]
    times = [min(spent) for spent in zip(*rounds, strict=True)]
    assert max(times) < 1.5 * min(times)


def test_a_code_works_once_also_with_spaces_and_after_a_failure(member: Member) -> None:
    code = member.code(now=NOW)
    assert not use_code(member, "000000" if code != "000000" else "000001")
    assert use_code(member, code)
    assert not use_code(member, code)
    assert not use_code(member, f" {code[:3]} {code[3:]}")
    assert recorded("account:signed-in")[-1] == (member.actor, str(member.id), "done")


def test_an_earlier_code_does_not_work_after_a_later_one(member: Member) -> None:
    assert use_code(member, member.code(steps=1, now=NOW))
    assert not use_code(member, member.code(now=NOW))
    assert use_code(member, member.code(steps=2, now=NOW), NOW + timedelta(seconds=30))


def test_two_workers_cannot_both_use_one_code(app: Flask) -> None:
    with app.app_context():
        member = add_member(now=NOW)
    code = member.code(now=NOW)

    def use(_: int) -> bool:
        with app.app_context():
            return use_code(member, code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def test_two_workers_cannot_both_use_one_recovery_code(app: Flask) -> None:
    with app.app_context():
        member = add_member(now=NOW)

    def use(_: int) -> bool:
        with app.app_context():
            return use_code(member, member.recovery_codes[0])

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def test_each_recovery_code_works_once_and_is_stored_as_a_digest(member: Member) -> None:
    now = NOW
    for code in member.recovery_codes:
        now += timedelta(minutes=1)
        assert use_code(member, code.lower().replace("-", " "), now)
        assert not use_code(member, code, now)
    with separate_reading() as session:
        stored = session.scalars(select(RecoveryCode)).all()
    assert len(stored) == len(member.recovery_codes) == 10
    assert not {row.code_hash for row in stored} & {code.encode() for code in member.recovery_codes}


def test_a_recovery_code_of_one_person_is_worth_nothing_to_another(member: Member) -> None:
    other = add_member(now=NOW)
    assert not use_code(other, member.recovery_codes[0])


def test_new_recovery_codes_make_the_old_ones_worthless(member: Member) -> None:
    with transaction() as session:
        fresh = services.replace_recovery_codes(session.get_one(User, member.id), actor=member.actor, now=NOW)
    assert not use_code(member, member.recovery_codes[0])
    assert use_code(member, fresh[0])


def test_codes_are_throttled_like_passwords(member: Member) -> None:
    for _ in range(5):
        assert not use_code(member, "12345")
    assert not use_code(member, member.code(now=NOW))
    later = NOW + timedelta(seconds=61)
    assert use_code(member, member.code(now=later), later)


def test_a_right_password_does_not_clear_the_count_of_codes(member: Member) -> None:
    for _ in range(5):
        assert not use_code(member, "12345")
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is not None
    assert not use_code(member, member.code(now=NOW))


def test_setting_up_keeps_the_secret_until_it_is_confirmed_and_never_shows_it_again(app_context: Flask) -> None:
    member = add_member(enrolled=False, now=NOW)
    secret, email = signing_in.begin_enrolment(member.id)
    assert (signing_in.begin_enrolment(member.id), email) == ((secret, email), member.email)
    assert signing_in.confirm_enrolment(member.id, "12345", now=NOW) is None
    code = second_factor.code_at(secret, second_factor.step_at(NOW))
    codes = signing_in.confirm_enrolment(member.id, code, now=NOW)
    assert codes is not None
    assert len(codes) == 10
    with pytest.raises(NotFoundError):
        signing_in.begin_enrolment(member.id)
    assert not use_code(member, code), "the code of the set-up cannot be used again"


def test_a_secret_somebody_saw_and_left_is_not_used_by_the_next_attempt(app_context: Flask) -> None:
    member = add_member(enrolled=False, now=NOW)
    seen, _ = signing_in.begin_enrolment(member.id)
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is not None
    assert signing_in.begin_enrolment(member.id)[0] != seen


def test_the_secret_and_the_codes_are_not_readable_in_the_database(member: Member) -> None:
    with separate_reading() as session:
        row = session.execute(text("SELECT * FROM users WHERE email = :email"), {"email": member.email}).one()
    stored = b"".join(str(value).encode() if not isinstance(value, bytes) else value for value in row)
    assert (member.secret or "").encode() not in stored
    assert PASSWORD.encode() not in stored


def test_old_counts_and_ended_sessions_are_cleaned_when_somebody_signs_in(member: Member) -> None:
    signing_in.authenticate("nobody@example.org", WRONG, now=NOW)
    with transaction() as session:
        start_session(session, session.get_one(User, member.id), NOW)
    later = NOW + timedelta(days=2)
    assert signing_in.authenticate(member.email, PASSWORD, now=later) is not None
    with separate_reading() as session:
        assert session_store.list_running(session, member.id, later) == []
        assert all(row.window_started_at > NOW + timedelta(days=1) for row in session.query(AttemptTally))


def test_somebody_who_does_not_exist_has_no_second_factor(app_context: Flask) -> None:
    with pytest.raises(NotFoundError):
        signing_in.verify_second_factor(uuid.uuid4(), "123456", now=NOW)
    db.session.rollback()
