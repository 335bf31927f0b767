"""What retention asks of every type of record: which are due, which a hold keeps, and how a reviewer reads them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.retention.policy import RetentionClass


@dataclass(frozen=True)
class Line:
    """One record as a reviewer reads it: what it is called, what it is, when its period began, where it is shown.

    `began_on` is None when the period does not run any more. `address` is empty where this person has no page of it.
    """

    id: UUID
    name: str
    what: str
    began_on: date | None
    address: str
    is_held: bool


@dataclass(frozen=True)
class Records:
    """The records of one type. Conditions are for the database, so that nothing is read to be counted.

    `is_over`: the period of a class is over and there is something to erase. `order`: what goes first. `show` names
    those of some ids that this person may see, in that order; `count_unseen` how many would go that they may not see.
    `opened_by`: who can look into them, where reviewers cannot.
    """

    noun: str
    id: InstrumentedAttribute[UUID]
    is_over: Callable[[RetentionClass, date], Sequence[ColumnElement[bool]]]
    is_held: Callable[[], ColumnElement[bool]]
    order: Sequence[InstrumentedAttribute[Any]]
    show: Callable[[Collection[UUID], StaffMember], list[Line]]
    count_unseen: Callable[[Collection[UUID], StaffMember], int]
    opened_by: str = ""


def stands() -> ColumnElement[bool]:
    """Return the condition that a hold was not lifted."""
    return LegalHold.lifted_at.is_(None)


def is_held_as(scope: HoldScope, record_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a hold is on the record itself, or on everything."""
    on_it = and_(LegalHold.scope == scope, LegalHold.subject_id == record_id)
    return select(LegalHold.id).where(stands(), or_(LegalHold.scope == HoldScope.EVERYTHING, on_it)).exists()


def sees_all(_ids: Collection[UUID], _user: StaffMember) -> int:
    """Tell how many records of a type are hidden from a person who may keep records: none."""
    return 0
