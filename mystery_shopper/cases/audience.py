"""Who may see a case: `visible_to` asked for every person who works with cases, in one statement for many people."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from mystery_shopper.accounts.absences import deputies_on
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.queries import list_holders
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.permissions import Permission

AT_ONCE = 200
"""A statement takes no more columns than this on every database."""


def people_who_may_see(case: Case, today: date) -> Sequence[User]:
    """Return the people who may open the page of a case today, by name; whoever stands in for its owner is among them.

    Nobody else may be given a task of it, be named in a note of it or be told that it changed.
    """
    people = list_holders(Permission.CASE_READ)
    away = deputies_on(today)
    found: list[User] = []
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        conditions = [
            visible_to(one.to_staff_member(stands_in_for=away.get(one.id, frozenset()))).label(f"p{at}")
            for at, one in enumerate(some)
        ]
        row = db.session.execute(select(*conditions).select_from(Case).where(Case.id == case.id)).one()
        found += [one for one, sees in zip(some, row, strict=True) if sees]
    return found
