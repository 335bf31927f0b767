"""Roles and what they may do."""

from itertools import combinations

import pytest

from mystery_shopper.accounts.policy import (
    ROLE_NAMES,
    ROLE_PERMISSIONS,
    Role,
    RolesNotAllowedError,
    check_roles,
    fold_email,
    home_path,
    permissions_of,
)
from mystery_shopper.core.permissions import Permission

EXPECTED = {
    Role.CASEWORKER: "case-read case-work identity-reveal evidence-original flag-overrule rules-read own-account",
    Role.SENIOR_CASEWORKER: "case-read case-work identity-reveal evidence-original flag-overrule rules-read "
    "case-allocate gate-override letter-approve publication-read publication-approve records-keep own-account",
    Role.POLICY_OWNER: "rules-read rules-change suggestion-read suggestion-answer suggestion-approve own-account",
    Role.PUBLISHER: "publication-read publication-write publication-approve rules-read suggestion-approve own-account",
    Role.AUDITOR: "audit-read own-account",
    Role.ADMINISTRATOR: "accounts-manage own-account",
}
CASE_PERMISSIONS = {Permission.CASE_READ, Permission.CASE_WORK, Permission.CASE_ALLOCATE, Permission.FLAG_OVERRULE}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_holds_exactly_what_was_agreed(role: Role) -> None:
    assert ROLE_PERMISSIONS[role] == {Permission(word) for word in EXPECTED[role].split()}
    assert ROLE_NAMES[role]


def test_every_permission_is_held_by_somebody() -> None:
    assert permissions_of(list(Role)) == set(Permission)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditor_and_administrator_see_no_case(role: Role) -> None:
    assert not permissions_of([role]) & CASE_PERMISSIONS


@pytest.mark.parametrize("pair", list(combinations(Role, 2)))
def test_an_administrator_holds_no_other_role(pair: tuple[Role, Role]) -> None:
    if Role.ADMINISTRATOR in pair:
        with pytest.raises(RolesNotAllowedError):
            check_roles(pair)
    else:
        check_roles(pair)


def test_a_person_without_a_role_is_refused() -> None:
    with pytest.raises(RolesNotAllowedError):
        check_roles([])


@pytest.mark.parametrize("role", list(Role))
def test_everybody_starts_from_a_page_they_may_open(role: Role) -> None:
    assert home_path(permissions_of([role])) != "/account"


def test_somebody_who_may_do_nothing_starts_from_their_account() -> None:
    assert home_path(frozenset()) == "/account"


def test_addresses_are_compared_without_case_and_spaces() -> None:
    assert fold_email("  Ada.Lovelace@EXAMPLE.org ") == fold_email("ada.lovelace@example.org")
