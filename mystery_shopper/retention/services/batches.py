"""Batches: proposed by one person, approved by another, done one record at a time, certified."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.holds.policy import HeldError
from mystery_shopper.holds.queries import lock_against_placing, lock_for_placing
from mystery_shopper.retention.models import RetentionBatch, RetentionItem
from mystery_shopper.retention.policy import BatchClass, RetentionClass, digest_of, schedule
from mystery_shopper.retention.queries import (
    BATCH_MAX,
    count_items,
    count_unseen,
    find_waiting,
    first_due,
    is_due,
    list_items,
    records_of,
)
from mystery_shopper.retention.services.erasing import erase_record, lock_record
from mystery_shopper.retention.states import BatchState, ItemState


def propose(one: RetentionClass, *, submission_id: UUID, by: StaffMember, now: datetime) -> RetentionBatch:
    """Put what is due of a class in a batch, the longest closed first, at most BATCH_MAX; nothing is destroyed yet.

    Raises:
        DomainError: nothing is due that no hold keeps.
    """
    lock_for_placing()  # two at once would take the same number and the same cases; before the log, as everywhere
    known = db.session.scalar(select(RetentionBatch).where(RetentionBatch.submission_id == submission_id))
    if known is not None:
        return known
    free = first_due(one, day_of(now), BATCH_MAX)
    if not free:
        raise DomainError(f"Nothing of this class is due that is not on hold: {one.title}")
    batch = RetentionBatch(
        number=(db.session.scalar(select(func.max(RetentionBatch.number))) or 0) + 1,
        class_id=one.id,
        schedule_version=schedule().version,
        due_until=day_of(now),
        proposed_at=now,
        proposed_by_id=by.id,
        submission_id=submission_id,
    )
    db.session.add(batch)
    db.session.flush()
    db.session.add_all(
        RetentionItem(batch_id=batch.id, record_type=one.record_type, record_id=record_id) for record_id in free
    )
    db.session.flush()
    _note(Action.RETENTION_PROPOSED, batch, by.actor, now)
    return batch


def approve(batch: RetentionBatch, *, by: StaffMember, now: datetime) -> None:
    """Agree to a batch that somebody else proposed; from now on the worker destroys what is in it.

    Raises:
        DomainError: it is one's own, is not waiting, was made by another schedule, or holds a record they may not see.
    """
    _check_proposed(batch)
    if batch.proposed_by_id == by.id:
        raise DomainError("You proposed this batch. A second reviewer has to approve it.")
    if batch.schedule_version != schedule().version:
        raise DomainError("The schedule has changed since this batch was made. Cancel it and propose a new one.")
    unseen = count_unseen(batch, by)
    if unseen:
        records = f"{unseen} of the {records_of(batch).noun}s in this batch"
        raise DomainError(f"You may not see {records}. Another reviewer has to approve it.")
    batch.state, batch.approved_at, batch.approved_by_id = BatchState.APPROVED, now, by.id
    db.session.flush()
    _note(Action.RETENTION_APPROVED, batch, by.actor, now)


def cancel(batch: RetentionBatch, *, by: StaffMember, now: datetime) -> None:
    """Give up a batch that was not approved.

    Raises:
        DomainError: it is not waiting.
    """
    _check_proposed(batch)
    batch.state = BatchState.CANCELLED
    db.session.flush()
    _note(Action.RETENTION_CANCELLED, batch, by.actor, now)


def _check_proposed(batch: RetentionBatch) -> None:
    if batch.state is not BatchState.PROPOSED:
        raise DomainError("This batch is not waiting for a second reviewer")


def do_next(batch: RetentionBatch, *, now: datetime) -> Sequence[str] | None:
    """Deal with one record of an approved batch, in one transaction: erase it, or leave it because of a hold.

    Returns:
        Names of stored files to delete after the commit; None when no record is left.
    """
    record_id = find_waiting(batch)
    if record_id is None:
        return None
    class_id = BatchClass(batch.class_id)
    lock_against_placing()  # Before the record and the log, as who places does: nobody waits in a circle.
    lock_record(class_id, record_id)
    item = db.session.get_one(RetentionItem, (batch.id, record_id))
    objects: Sequence[str] = []
    try:
        if is_due(schedule().classes[class_id], record_id, day_of(now)):
            objects = erase_record(class_id, record_id, batch=batch.number, now=now)
            state = ItemState.ERASED
        else:
            state = ItemState.NOT_DUE
    except HeldError:
        state = ItemState.HELD
    item.state, item.done_at = state, now
    db.session.flush()
    return objects


def finish(batch: RetentionBatch, *, now: datetime) -> None:
    """Write the certificate of a batch in which nothing waits, once what was erased is out of the database's files."""
    batch.certificate = _certificate(batch, now)
    batch.state, batch.finished_at = BatchState.DONE, now
    db.session.flush()
    _note(Action.RETENTION_RUN, batch, SYSTEM, now)


def _certificate(batch: RetentionBatch, now: datetime) -> dict[str, Any]:
    one, counts = schedule().classes[batch.class_id], count_items(batch)
    erased = [str(item.record_id) for item in list_items(batch) if item.state is ItemState.ERASED]
    approved_at = batch.approved_at or now
    return {
        "batch": batch.number,
        "class": one.id,
        "title": one.title,
        "record": records_of(batch).noun,
        "period": one.period,
        "basis": one.basis,
        "schedule": batch.schedule_version,
        "destroyed": counts.get(ItemState.ERASED, 0),
        "kept_on_hold": counts.get(ItemState.HELD, 0),
        "kept_not_due": counts.get(ItemState.NOT_DUE, 0),
        "proposed_on": day_of(batch.proposed_at).isoformat(),
        "proposed_by": str(batch.proposed_by_id),
        "approved_on": day_of(approved_at).isoformat(),
        "approved_by": str(batch.approved_by_id),
        "destroyed_on": day_of(now).isoformat(),
        "digest_of_ids": digest_of(erased),
    }


def _note(action: Action, batch: RetentionBatch, actor: str, now: datetime) -> None:
    audit.record(action, actor=actor, subject="retention-batch", subject_id=batch.id, now=now)
