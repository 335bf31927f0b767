"""What is to be looked at again: recommendations whose day to check has come. One statement, however many there are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.interventions.models import Recommendation

DESK_MOST = 5


@dataclass(frozen=True)
class DueCheck:
    """A recommendation to check, the case it was made on, and since when it is due."""

    id: UUID
    reference: str
    due_on: date
    is_overdue: bool


def due_checks(user: StaffMember, today: date) -> list[DueCheck]:
    """Return what is due in the cases of a person, those they stand in for and those nobody owns; longest due first."""
    owners = [user.id, *sorted(user.stands_in_for)]
    due_on = Recommendation.check_on
    rows = db.session.execute(
        select(Recommendation.id, Case.reference, due_on)
        .join(Case, Case.id == Recommendation.case_id)
        .where(
            visible_to(user),
            or_(Case.owner_id.in_(owners), Case.owner_id.is_(None)),
            due_on <= today,
            Recommendation.implemented.is_(None),
        )
        .order_by(due_on, Recommendation.id)
        .limit(DESK_MOST)
    )
    return [DueCheck(row_id, reference, day, day < today) for row_id, reference, day in rows if day is not None]
