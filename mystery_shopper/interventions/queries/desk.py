"""What is to be looked at again: recommendations to check, and closed cases. One statement, however many there are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import false, or_, select, true, union_all

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db
from mystery_shopper.interventions.models import CaseFollowUp, Recommendation

DESK_MOST = 5


@dataclass(frozen=True)
class DueCheck:
    """A recommendation to check, or (`is_follow_up`) a closed case to look at again, and since when it is due."""

    is_follow_up: bool
    id: UUID
    reference: str
    due_on: date
    is_overdue: bool


def due_checks(user: StaffMember, today: date) -> list[DueCheck]:
    """Return what is due in the cases of a person, those they stand in for and those nobody owns; longest due first."""
    owners = [user.id, *sorted(user.stands_in_for)]
    due = union_all(
        select(
            false().label("is_follow_up"),
            Recommendation.id,
            Recommendation.case_id,
            Recommendation.check_on.label("due_on"),
        ).where(Recommendation.check_on <= today, Recommendation.implemented.is_(None)),
        select(true(), CaseFollowUp.id, CaseFollowUp.case_id, CaseFollowUp.due_on).where(
            CaseFollowUp.due_on <= today, CaseFollowUp.result.is_(None)
        ),
    ).subquery()
    # Asked of each due row: joined, the database would begin with every case a person ever owned.
    reference = (
        select(Case.reference)
        .where(
            Case.id == due.c.case_id,
            visible_to(user),
            or_(Case.owner_id.in_(owners), Case.owner_id.is_(None)),
            or_(~due.c.is_follow_up, Case.state == CaseState.CLOSED),
        )
        .scalar_subquery()
    )
    found = select(due.c.is_follow_up, due.c.id, reference.label("reference"), due.c.due_on).subquery()
    rows = db.session.execute(
        select(found).where(found.c.reference.is_not(None)).order_by(found.c.due_on, found.c.id).limit(DESK_MOST)
    )
    return [DueCheck(again, row_id, reference, day, day < today) for again, row_id, reference, day in rows]
