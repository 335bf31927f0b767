"""Writes of the outbox: queue, lease, sent, failed. At most one letter of a kind waits for one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from mystery_shopper.core.db import db
from mystery_shopper.notifications.models import Letter, OutboxMessage
from mystery_shopper.notifications.policy import wait_after
from mystery_shopper.notifications.queries import find_waiting, list_due, may_get_mail

LEASE = timedelta(minutes=2)
ERROR_LENGTH = 100


def queue_for_report(report_id: UUID, letter: Letter, *, now: datetime) -> None:
    """Queue a letter to a reporter who asked for mail; nothing for anybody else."""
    if may_get_mail(report_id):
        _queue(OutboxMessage(letter=letter, report_id=report_id, created_at=now, next_try_at=now))


def queue_for_user(user_id: UUID, letter: Letter, *, now: datetime) -> None:
    """Queue a letter to a member of staff."""
    _queue(OutboxMessage(letter=letter, user_id=user_id, created_at=now, next_try_at=now))


def queue_for_officer(officer_id: UUID, letter: Letter, *, now: datetime) -> None:
    """Queue a letter to an officer of an authority."""
    _queue(OutboxMessage(letter=letter, officer_id=officer_id, created_at=now, next_try_at=now))


def _queue(message: OutboxMessage) -> None:
    if find_waiting(message) is None:
        db.session.add(message)
        db.session.flush()


def lease_due(now: datetime, *, limit: int) -> Sequence[OutboxMessage]:
    """Take letters to send, so that no other worker sends them in the next two minutes."""
    due = list_due(now, limit=limit)
    for message in due:
        message.leased_until = now + LEASE
    db.session.flush()
    return due


def mark_sent(message: OutboxMessage, *, now: datetime) -> None:
    """Record that a letter has left."""
    message.sent_at = now
    message.leased_until = None
    db.session.flush()


def mark_failed(message: OutboxMessage, error: str, *, now: datetime) -> None:
    """Record a failed try: again later, or given up and shown by `doctor`."""
    message.tries += 1
    message.last_error = error[:ERROR_LENGTH]
    message.leased_until = None
    wait = wait_after(message.tries)
    if wait is None:
        message.given_up_at = now
    else:
        message.next_try_at = now + wait
    db.session.flush()


def give_up(message: OutboxMessage, reason: str, *, now: datetime) -> None:
    """Record that a letter cannot be sent to anybody."""
    message.given_up_at = now
    message.last_error = reason[:ERROR_LENGTH]
    message.leased_until = None
    db.session.flush()
