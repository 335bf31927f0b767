"""What is done to accounts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mystery_shopper.accounts import queries, services, session_store, signing_in
from mystery_shopper.accounts.models import RecoveryCode, User
from mystery_shopper.accounts.password_rules import PasswordNotAllowedError
from mystery_shopper.accounts.policy import Role, RolesNotAllowedError
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core.db import db, separate_reading, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError
from tests.factories.staff import PASSWORD, Member, add_member, start_session

pytestmark = pytest.mark.usefixtures("app_context")

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
NEW_PASSWORD = "walnut ferry lantern orbit"


def actions() -> list[str]:
    with separate_reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def user_of(member: Member) -> User:
    return queries.get_user(member.id)


def open_session(member: Member) -> str:
    with transaction() as session:
        return start_session(session, user_of(member), NOW)


def is_open(token: str) -> bool:
    with separate_reading() as session:
        return session_store.load(session, token, NOW) is not None


def create(**changes: object) -> services.NewAccess:
    details = {"email": "ada@example.org", "name": "Ada", "roles": [Role.CASEWORKER], "actor": "system", "now": NOW}
    with transaction():
        return services.create_user(**(details | changes))  # type: ignore[arg-type]


def test_a_new_account_has_a_one_time_password_and_must_change_it() -> None:
    made = create(email=" Ada@Example.org ", roles=[Role.PUBLISHER, Role.POLICY_OWNER])
    user = made.user
    assert (user.email, user.must_change_password, user.has_second_factor) == ("ada@example.org", True, False)
    assert user.roles == {Role.PUBLISHER, Role.POLICY_OWNER}
    assert user.password_expires_at == NOW + timedelta(hours=24)
    db.session.rollback()
    assert signing_in.authenticate("ada@example.org", made.one_time_password, now=NOW) is not None
    assert actions() == ["account:created"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": "@example.org"}, "email"),
        ({"email": "ada@example"}, "email"),
        ({"email": "a" * 250 + "@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": [Role.ADMINISTRATOR, Role.SENIOR_CASEWORKER]}, "roles"),
        ({"password": "short"}, "password"),
    ],
)
def test_a_wrong_detail_is_named_and_nothing_is_stored(changes: dict[str, object], field: str) -> None:
    with pytest.raises(DomainError) as caught:
        create(**changes)
    assert caught.value.field == field
    assert (list(queries.list_users()), actions()) == ([], [])


def test_an_address_is_used_once_in_any_spelling() -> None:
    create()
    with pytest.raises(services.EmailTakenError):
        create(email="ADA@example.org")


def test_disabling_ends_every_session_and_is_recorded_once() -> None:
    member = add_member(now=NOW)
    tokens = [open_session(member), open_session(member)]
    with transaction():
        services.disable_user(user_of(member), actor="user:admin", now=NOW)
        services.disable_user(user_of(member), actor="user:admin", now=NOW)
    assert not any(is_open(token) for token in tokens)
    assert actions().count("account:disabled") == 1


def test_a_session_of_a_disabled_account_opens_nothing_even_if_its_row_is_left() -> None:
    member = add_member(now=NOW)
    token = open_session(member)
    with transaction():
        user_of(member).disabled_at = NOW
    assert not is_open(token)


def test_other_roles_end_every_session() -> None:
    member = add_member(Role.CASEWORKER, Role.PUBLISHER, now=NOW)
    token = open_session(member)
    with transaction():
        services.change_roles(user_of(member), [Role.PUBLISHER, Role.AUDITOR], actor="user:admin", now=NOW)
    assert user_of(member).roles == {Role.PUBLISHER, Role.AUDITOR}
    assert not is_open(token)
    with pytest.raises(RolesNotAllowedError):
        services.change_roles(user_of(member), [Role.ADMINISTRATOR, Role.AUDITOR], actor="user:admin", now=NOW)


def test_nobody_changes_disables_or_resets_their_own_account() -> None:
    member = add_member(Role.ADMINISTRATOR, now=NOW)
    user = user_of(member)
    with pytest.raises(services.OwnAccountError):
        services.disable_user(user, actor=member.actor, now=NOW)
    with pytest.raises(services.OwnAccountError):
        services.change_roles(user, [Role.CASEWORKER], actor=member.actor, now=NOW)
    with pytest.raises(services.OwnAccountError):
        services.reset_access(user, actor=member.actor, now=NOW)


def test_a_reset_leaves_nothing_of_the_old_access() -> None:
    member = add_member(now=NOW)
    token = open_session(member)
    with transaction():
        services.disable_user(user_of(member), actor="user:admin", now=NOW)
        made = services.reset_access(user_of(member), actor="user:admin", now=NOW)
    user = user_of(member)
    assert (user.is_disabled, user.has_second_factor, user.must_change_password) == (False, False, True)
    assert not is_open(token)
    assert db.session.query(RecoveryCode).count() == 0
    db.session.rollback()
    assert signing_in.authenticate(member.email, PASSWORD, now=NOW) is None
    assert signing_in.authenticate(member.email, made.one_time_password, now=NOW) is not None


def test_changing_the_password_ends_the_other_sessions() -> None:
    member = add_member(now=NOW)
    kept, other = open_session(member), open_session(member)
    with transaction():
        services.change_password(
            user_of(member), NEW_PASSWORD, keep=session_store.hash_token(kept), actor=member.actor, now=NOW
        )
    assert (is_open(kept), is_open(other)) == (True, False)
    db.session.rollback()
    assert signing_in.authenticate(member.email, NEW_PASSWORD, now=NOW) is not None


@pytest.mark.parametrize("password", [PASSWORD, "passwordpassword", "short", "robin example robin"])
def test_the_same_or_a_guessable_password_is_refused(password: str) -> None:
    member = add_member(name="Robin Example", now=NOW)
    with pytest.raises(PasswordNotAllowedError):
        services.change_password(user_of(member), password, keep=None, actor=member.actor, now=NOW)


def test_only_own_sessions_can_be_ended_and_only_by_their_name() -> None:
    member, stranger = add_member(now=NOW), add_member(now=NOW)
    token = open_session(member)
    key = queries.list_sessions(member.id, current=None, now=NOW)[0].key
    with transaction():
        services.end_session(user_of(stranger), key, actor=stranger.actor, now=NOW)
    assert is_open(token)
    with transaction():
        services.end_session(user_of(member), key, actor=member.actor, now=NOW)
    assert not is_open(token)


def test_assignable_people_work_on_cases_and_are_not_disabled() -> None:
    wanted = [add_member(Role.CASEWORKER, name="A"), add_member(Role.SENIOR_CASEWORKER, name="B")]
    gone = add_member(Role.CASEWORKER, name="C")
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.PUBLISHER, Role.POLICY_OWNER):
        add_member(role)
    with transaction():
        services.disable_user(user_of(gone), actor="system", now=NOW)
    assert [user.id for user in queries.list_assignable()] == [member.id for member in wanted]
    assert queries.names_of([wanted[0].id, gone.id]) == {wanted[0].id: "A", gone.id: "C"}
    assert queries.names_of([]) == {}


def test_an_unknown_account_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        queries.get_user(uuid.uuid4())
    assert queries.find_user_by_email("nobody@example.org") is None


def test_demonstration_codes_are_those_of_the_accounts() -> None:
    made = create(password=PASSWORD)
    user_id = made.user.id
    with transaction():
        user = queries.get_user(user_id)
        services.enrol_for_demonstration(user, now=NOW)
    unenrolled = create(email="bob@example.org").user
    codes = services.demo_codes([user, unenrolled], now=NOW)
    assert list(codes) == ["ada@example.org"]
    db.session.rollback()
    assert signing_in.verify_second_factor(user_id, codes["ada@example.org"], now=NOW)


def test_the_last_administrator_who_can_come_in_stays() -> None:
    first, second = add_member(Role.ADMINISTRATOR, now=NOW), add_member(Role.ADMINISTRATOR, now=NOW)
    add_member(Role.ADMINISTRATOR, now=NOW, enrolled=False)
    with transaction():
        services.disable_user(user_of(first), actor=second.actor, now=NOW)
    # The first was still at work when the second closed their account.
    for step in (
        lambda: services.disable_user(user_of(second), actor=first.actor, now=NOW),
        lambda: services.change_roles(user_of(second), [Role.AUDITOR], actor=first.actor, now=NOW),
    ):
        with pytest.raises(services.LastAdministratorError), transaction():
            step()
    assert not user_of(second).is_disabled
    with transaction():
        services.disable_user(user_of(second), actor="system", now=NOW)
