"""Who may own a case: the one place that is asked before a case gets an owner, in words and as a condition.

Whoever knows a reason against an owner (a conflict of interest, say) adds a rule with `add_rule`; assigning, taking
the next case, suggestions and handing over all ask here, so none of them can be forgotten.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true

from mystery_shopper.accounts.absences import find_absence, stand_in_for
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.queries import get_user, list_assignable
from mystery_shopper.cases.models import Case
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.permissions import Permission


@dataclass(frozen=True)
class OwnershipRule:
    """A reason why somebody may not own a case.

    `refusal` returns it in words fit for a senior caseworker, None when there is none: where nobody may learn the
    reason, the words must not tell. `condition` says the same of every case at once, for one person; `barred`, where
    there is one, of everybody at once, for one case, so that a list of people asks only once.
    """

    key: str
    refusal: Callable[[Case, User], str | None]
    condition: Callable[[UUID], ColumnElement[bool]]
    barred: Callable[[Case], AbstractSet[UUID]] | None = None


_rules: dict[str, OwnershipRule] = {}


def add_rule(rule: OwnershipRule) -> None:
    """Add a reason against an owner; the same key again replaces it."""
    _rules[rule.key] = rule


def ownership_refusal(case: Case, person: User) -> str | None:
    """Return why a person may not own a case, None when they may."""
    return _refusal(case, person, _rules.values())


def _refusal(case: Case, person: User, rules: Iterable[OwnershipRule]) -> str | None:
    if person.is_disabled or Permission.CASE_WORK not in person.permissions:
        return f"{person.name} does not work on cases. Select somebody else."
    return next((words for rule in rules if (words := rule.refusal(case, person))), None)


def people_who_may_own(case: Case) -> Sequence[User]:
    """Return the people this case can be given to, by name; somebody who is away today is among them."""
    barred: set[UUID] = set().union(*(rule.barred(case) for rule in _rules.values() if rule.barred is not None))
    asked = [rule for rule in _rules.values() if rule.barred is None]
    people = (person for person in list_assignable() if person.id not in barred)
    return [person for person in people if _refusal(case, person, asked) is None]


def ownable_by(user_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a person who works on cases may own a case."""
    return and_(true(), *(rule.condition(user_id) for rule in _rules.values()))


def absence_refusal(person: User, today: date) -> str | None:
    """Return why a person is given no new case today: they are away. None when they are here."""
    absence = find_absence(person.id, today)
    if absence is None:
        return None
    return f"{person.name} is out of office until {format_day(absence.ends_on)}. Select somebody else."


def who_is_told(case: Case, today: date) -> UUID | None:
    """Return who hears that something came in for a case: the deputy of its owner, or the owner; None: neither may.

    A finished case keeps its owner though an interest of theirs stands against it since: they hear nothing of it.
    """
    if case.owner_id is None:
        return None
    asked = dict.fromkeys((stand_in_for(case.owner_id, today), case.owner_id))
    return next((user_id for user_id in asked if ownership_refusal(case, get_user(user_id)) is None), None)
