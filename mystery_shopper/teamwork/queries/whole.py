"""A case and what was joined to it: tasks, labels and ticks stay where they were put, and the kept case shows them all.

So a join that is undone needs to give nothing back.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from mystery_shopper.cases.models import Case, CaseJoin

STANDING = CaseJoin.undone_at.is_(None)


def of_whole(column: Any, case: Case) -> ColumnElement[bool]:
    """Return the condition that a column holds the id of a case or of one that is joined to it."""
    joined = select(CaseJoin.joined_id).where(CaseJoin.kept_id == case.id, STANDING)
    return or_(column == case.id, column.in_(joined))


def home_of(column: Any) -> ColumnElement[UUID]:
    """Return the id of the case on whose page a thing is found: the kept one while its own case is joined to it."""
    kept = select(CaseJoin.kept_id).where(CaseJoin.joined_id == column, STANDING).scalar_subquery()
    return func.coalesce(kept, column)
