"""Roles, what each may do, and which may not meet in one person. Pure."""

import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.permissions import Permission


class Role(StrEnum):
    """What a member of staff is here for."""

    CASEWORKER = "caseworker"
    SENIOR_CASEWORKER = "senior-caseworker"
    POLICY_OWNER = "policy-owner"
    PUBLISHER = "publisher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class LinkPurpose(StrEnum):
    """What a link that works once is for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    ACCESS = "access"


class AccountState(StrEnum):
    """How an account stands, as an administrator sees it."""

    INVITED = "Invited"
    INVITATION_OVER = "Invitation is over"
    WAITING = "Not signed in yet"
    IN_USE = "In use"
    CLOSED = "Closed"


STATE_COLOURS: dict[AccountState, str] = {
    AccountState.INVITED: "blue",
    AccountState.INVITATION_OVER: "red",
    AccountState.WAITING: "yellow",
    AccountState.IN_USE: "green",
    AccountState.CLOSED: "grey",
}


def state_of(
    *, is_closed: bool, has_password: bool, has_second_factor: bool, link_until: datetime | None, now: datetime
) -> AccountState:
    """Return how an account stands; `link_until` is when the link of an invited person ends, None without one."""
    if is_closed:
        return AccountState.CLOSED
    if has_password:
        return AccountState.IN_USE if has_second_factor else AccountState.WAITING
    return AccountState.INVITED if link_until is not None and now < link_until else AccountState.INVITATION_OVER


_CASEWORK = frozenset(
    {
        Permission.CASE_READ,
        Permission.CASE_WORK,
        Permission.IDENTITY_REVEAL,
        Permission.EVIDENCE_ORIGINAL,
        Permission.FLAG_OVERRULE,
        Permission.RULES_READ,
    }
)
_EVERYONE = frozenset({Permission.OWN_ACCOUNT})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASEWORK | _EVERYONE,
    Role.SENIOR_CASEWORKER: _CASEWORK
    | {
        Permission.CASE_ALLOCATE,
        Permission.GATE_OVERRIDE,
        Permission.LETTER_APPROVE,
        Permission.PUBLICATION_READ,
        Permission.PUBLICATION_APPROVE,
        Permission.RECORDS_KEEP,
    }
    | _EVERYONE,
    Role.POLICY_OWNER: _EVERYONE
    | {
        Permission.RULES_READ,
        Permission.RULES_CHANGE,
        Permission.SUGGESTION_READ,
        Permission.SUGGESTION_ANSWER,
        Permission.SUGGESTION_APPROVE,
    },
    Role.PUBLISHER: _EVERYONE
    | {
        Permission.PUBLICATION_READ,
        Permission.PUBLICATION_WRITE,
        Permission.PUBLICATION_APPROVE,
        Permission.RULES_READ,
        Permission.SUGGESTION_APPROVE,
    },
    Role.AUDITOR: _EVERYONE | {Permission.AUDIT_READ},
    Role.ADMINISTRATOR: _EVERYONE | {Permission.ACCOUNTS_MANAGE},
}

ROLE_NAMES: dict[Role, str] = {
    Role.CASEWORKER: "Caseworker",
    Role.SENIOR_CASEWORKER: "Senior caseworker",
    Role.POLICY_OWNER: "Policy owner",
    Role.PUBLISHER: "Publisher",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}


FORMER_STAFF = "Former member of staff"
"""What an account is called once the name of its owner was erased."""


def former_address(user_id: uuid.UUID) -> str:
    """Return what stands in the place of the email address of an account that was erased: nobody's, and its own."""
    return f"{user_id.hex}@former.invalid"


class RolesNotAllowedError(DomainError):
    """These roles may not be held by one person."""


def names_of_roles(roles: Collection[Role]) -> list[str]:
    """Return roles in words, in the order of the list above."""
    return [ROLE_NAMES[role] for role in Role if role in roles]


def permissions_of(roles: Collection[Role]) -> frozenset[Permission]:
    """Return everything a person with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def emergency_at(case_id: uuid.UUID | None, until: datetime | None, now: datetime) -> uuid.UUID | None:
    """Return the case a person has open in an emergency at a moment: `case_id` until `until`, None afterwards."""
    return case_id if until is not None and now < until else None


def check_roles(roles: Collection[Role]) -> None:
    """Refuse no role at all, and an administrator who would also see cases.

    Raises:
        RolesNotAllowedError: the roles may not meet in one person.
    """
    if not roles:
        raise RolesNotAllowedError("Select at least one role", field="roles")
    if Role.ADMINISTRATOR in roles and len(set(roles)) > 1:
        raise RolesNotAllowedError(
            "Select administrator on its own: it may not be held with another role", field="roles"
        )


@dataclass(frozen=True)
class StaffMember:
    """The signed-in person as pages see them: plain values, read once with the session.

    `stands_in_for` are the colleagues who are out of office today and named this person as their deputy.
    `emergency_case_id` is the case this person has open in an emergency now, past the rule of who may see it.
    `has_shortcuts`: pages listen to single keys; who speaks to the computer switches that off.

    `is_authenticated`, `is_active`, `is_anonymous` and `get_id` are what Flask-Login asks of a user.
    """

    id: uuid.UUID
    email: str
    name: str
    roles: frozenset[Role]
    has_second_factor: bool
    must_change_password: bool
    confirmed_at: datetime | None = None
    stands_in_for: frozenset[uuid.UUID] = frozenset()
    emergency_case_id: uuid.UUID | None = None
    has_shortcuts: bool = True
    is_active: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False

    def has_confirmed_since(self, moment: datetime) -> bool:
        """Tell whether this person proved who they are (password and code, or code again) at or after `moment`."""
        return self.confirmed_at is not None and self.confirmed_at >= moment

    def get_id(self) -> str:
        """Return the id as text."""
        return str(self.id)

    @property
    def actor(self) -> str:
        """Return how this person is named in events and in the audit log."""
        return staff_actor(self.id)

    @property
    def role_names(self) -> list[str]:
        """Return the roles in words."""
        return names_of_roles(self.roles)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Return everything this person may do."""
        return permissions_of(self.roles)

    def can(self, permission: Permission | str) -> bool:
        """Tell whether this person holds a permission; templates pass its value ("case-read")."""
        return permission in self.permissions


def second_factor_words(*, has_app: bool, passkeys: int) -> str:
    """Return which second factors somebody has, in words."""
    some = ["Authenticator app"] if has_app else []
    if passkeys:
        some.append("1 passkey" if passkeys == 1 else f"{passkeys} passkeys")
    return " and ".join(some) or "None"


def fold_email(value: str) -> str:
    """Return an email address as it is compared and stored: no spaces around, one case, no dot after the domain."""
    return unicodedata.normalize("NFKC", value).strip().casefold().rstrip(".")


HOME_PAGES: tuple[tuple[Permission, str], ...] = (
    (Permission.CASE_READ, "/desk"),
    (Permission.SUGGESTION_READ, "/suggestions"),
    (Permission.PUBLICATION_READ, "/publication"),
    (Permission.AUDIT_READ, "/audit"),
    (Permission.ACCOUNTS_MANAGE, "/admin/users"),
)
LAST_RESORT = "/account"


def home_path(permissions: Collection[Permission]) -> str:
    """Return the page a person with these permissions starts from."""
    return next((path for permission, path in HOME_PAGES if permission in permissions), LAST_RESORT)
