"""The staff of the demonstration: fixed addresses, one known password, second factors whose codes can be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mystery_shopper.accounts import queries, services
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import ROLE_NAMES, Role
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.demo.telling import Cast

PASSWORD = "demonstration only 2026"  # noqa: S105 - printed on purpose; the setting DEMO binds it to loopback


@dataclass(frozen=True)
class Part:
    """One member of staff to make."""

    email: str
    name: str
    role: Role


PARTS = (
    Part("caseworker@demo.example", "Carys Demo", Role.CASEWORKER),
    Part("caseworker2@demo.example", "Colin Demo", Role.CASEWORKER),
    Part("caseworker3@demo.example", "Cleo Demo", Role.CASEWORKER),
    Part("senior@demo.example", "Sena Demo", Role.SENIOR_CASEWORKER),
    Part("senior2@demo.example", "Selwyn Demo", Role.SENIOR_CASEWORKER),
    Part("policy@demo.example", "Perrin Demo", Role.POLICY_OWNER),
    Part("publisher@demo.example", "Petra Demo", Role.PUBLISHER),
    Part("publisher2@demo.example", "Paul Demo", Role.PUBLISHER),
    Part("auditor@demo.example", "Audra Demo", Role.AUDITOR),
    Part("admin@demo.example", "Adil Demo", Role.ADMINISTRATOR),
)


def add_staff(*, now: datetime) -> Cast:
    """Add the staff of the demonstration, each ready to sign in."""
    made = {part.email: _add(part, now) for part in PARTS}
    return Cast(
        caseworkers=(made["caseworker@demo.example"], made["caseworker2@demo.example"]),
        away=made["caseworker3@demo.example"],
        senior=made["senior@demo.example"].to_staff_member(),
        second_senior=made["senior2@demo.example"].to_staff_member(),
        publisher=made["publisher@demo.example"].to_staff_member(),
        policy_owner=made["policy@demo.example"].to_staff_member(),
    )


def _add(part: Part, now: datetime) -> User:
    made = services.create_user(
        email=part.email, name=part.name, roles=[part.role], password=PASSWORD, actor=SYSTEM, now=now
    )
    services.enrol_for_demonstration(made.user, now=now)
    return made.user


def find_staff() -> Sequence[User]:
    """Return the staff of the demonstration that are there, in the order above."""
    found = [queries.find_user_by_email(part.email) for part in PARTS]
    return [user for user in found if user is not None]


def find_caseworkers() -> list[User]:
    """Return those of the demonstration's staff who own cases."""
    wanted = {part.email for part in PARTS if part.role is Role.CASEWORKER}
    return [user for user in find_staff() if user.email in wanted]


def check_closed() -> None:
    """Refuse to serve in earnest with accounts whose password everybody knows.

    Raises:
        ConfigurationError: naming the accounts that are open.
    """
    open_ones = [user.email for user in find_staff() if not user.is_disabled]
    if open_ones:
        raise ConfigurationError(
            "These demonstration accounts have a known password. Use an empty database, set DEMO=on or run "
            f"'mystery-shopper accounts disable': {', '.join(open_ones)}"
        )


def describe_staff(now: datetime) -> list[str]:
    """Return the accounts with their roles and the codes that hold now, as lines to print."""
    users = find_staff()
    if not users:
        return ["There are no demonstration accounts. Run: mystery-shopper demo load"]
    codes = services.demo_codes(users, now=now)
    roles = {part.email: ROLE_NAMES[part.role] for part in PARTS}
    lines = [f"Demonstration accounts, password of all: {PASSWORD}", "  code now  role               email"]
    lines += [f"  {codes.get(user.email, '------')}    {roles[user.email]:18} {user.email}" for user in users]
    lines.append("Codes change every 30 seconds and work once. Print them again with: make codes")
    return lines
