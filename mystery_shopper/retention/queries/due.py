"""What of each class is due today, whatever type of record it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, not_, or_, select
from sqlalchemy import case as sql_case

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.core.db import db
from mystery_shopper.retention.models import RetentionBatch, RetentionItem
from mystery_shopper.retention.policy import CASE_FILE, RetentionClass, schedule
from mystery_shopper.retention.queries.records import Line
from mystery_shopper.retention.queries.registry import RECORDS
from mystery_shopper.retention.states import OPEN, ItemState

BATCH_MAX = 200


@dataclass(frozen=True)
class Due:
    """What of one class is due: how many records are free, how many holds keep, how many are in open batches."""

    of: RetentionClass
    free: int
    held: int
    in_batches: int

    @property
    def noun(self) -> str:
        """Return what one of them is called."""
        return RECORDS[self.of.record_type].noun


def due_of(one: RetentionClass, today: date) -> Due:
    """Return how much of a class is due today."""
    records = RECORDS[one.record_type]
    busy, held = records.id.in_(_in_open_batches(one.id)), records.is_held()
    kinds = sql_case((busy, "busy"), (held, "held"), else_="free").label("kind")
    found = select(kinds).where(*records.is_over(one, today)).subquery()
    counts = {row[0]: row[1] for row in db.session.execute(select(found.c.kind, func.count()).group_by(found.c.kind))}
    return Due(one, free=counts.get("free", 0), held=counts.get("held", 0), in_batches=counts.get("busy", 0))


def list_due(today: date) -> list[Due]:
    """Return what is due of every class that goes in batches."""
    return [due_of(one, today) for one in schedule().batch_classes()]


def first_due(one: RetentionClass, today: date, limit: int) -> Sequence[UUID]:
    """Return the records of a class that are due, in no open batch and not held, in the order in which they go.

    The schedule is of every record, whoever may see it; pages list those a person may see.
    """
    records = RECORDS[one.record_type]
    return db.session.scalars(
        select(records.id)
        .where(*records.is_over(one, today), records.id.not_in(_in_open_batches(one.id)), not_(records.is_held()))
        .order_by(*records.order)
        .limit(limit)
    ).all()


def preview(one: RetentionClass, today: date, user: StaffMember) -> list[Line]:
    """Return what a batch would hold if it were proposed now, as far as a person may see it; nothing is changed."""
    return RECORDS[one.record_type].show(first_due(one, today, BATCH_MAX), user)


def is_due(one: RetentionClass, record_id: UUID, today: date) -> bool:
    """Tell whether a record is still due: it may have been taken up again since the batch was made."""
    records = RECORDS[one.record_type]
    found = select(records.id).where(records.id == record_id, *records.is_over(one, today))
    return db.session.scalar(found) is not None


def _in_open_batches(class_id: str) -> Select[UUID]:
    """Return the query of the records a batch of this class has to itself; one of case files has their identities."""
    return (
        select(RetentionItem.record_id)
        .join(RetentionBatch, RetentionBatch.id == RetentionItem.batch_id)
        .where(
            RetentionBatch.state.in_(OPEN),
            RetentionItem.state == ItemState.WAITING,
            or_(RetentionBatch.class_id == class_id, RetentionBatch.class_id == CASE_FILE),
        )
    )
