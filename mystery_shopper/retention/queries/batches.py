"""Batches, and where each of their records stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.retention.models import RetentionBatch, RetentionItem
from mystery_shopper.retention.states import BatchState, ItemState

LATEST = 50


def list_batches() -> Sequence[RetentionBatch]:
    """Return the latest batches, newest first."""
    return db.session.scalars(select(RetentionBatch).order_by(RetentionBatch.number.desc()).limit(LATEST)).all()


def get_batch(number: int, *, lock: bool = False) -> RetentionBatch:
    """Return a batch by its number; with `lock` nobody else changes it before the commit.

    Raises:
        NotFoundError: no such batch.
    """
    query = select(RetentionBatch).where(RetentionBatch.number == number)
    batch = db.session.scalar(query.with_for_update() if lock else query)
    if batch is None:
        raise NotFoundError
    return batch


def find_approved() -> int | None:
    """Return the number of the oldest batch that waits to be done."""
    return db.session.scalar(select(func.min(RetentionBatch.number)).where(RetentionBatch.state == BatchState.APPROVED))


def find_waiting(batch: RetentionBatch) -> UUID | None:
    """Return a record of a batch that has not been dealt with."""
    return db.session.scalar(
        select(RetentionItem.record_id)
        .where(RetentionItem.batch_id == batch.id, RetentionItem.state == ItemState.WAITING)
        .order_by(RetentionItem.record_id)
        .limit(1)
    )


def list_items(batch: RetentionBatch) -> Sequence[RetentionItem]:
    """Return what is in a batch, by id."""
    return db.session.scalars(
        select(RetentionItem).where(RetentionItem.batch_id == batch.id).order_by(RetentionItem.record_id)
    ).all()


def count_items(batch: RetentionBatch) -> dict[ItemState, int]:
    """Return how many records of a batch stand where."""
    rows = db.session.execute(
        select(RetentionItem.state, func.count())
        .where(RetentionItem.batch_id == batch.id)
        .group_by(RetentionItem.state)
    ).all()
    return {row[0]: row[1] for row in rows}
