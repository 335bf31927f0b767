"""Reads of the outbox: what is due, for whom, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from mystery_shopper.accounts.links import find_token
from mystery_shopper.accounts.models import User
from mystery_shopper.answering.queries import letter_of
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import find_identity
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.notifications.models import WITH_LINK, OutboxMessage


@dataclass(frozen=True)
class OutboxStatus:
    """How many letters wait and how many were given up."""

    waiting: int
    given_up: int


def find_waiting(like: OutboxMessage) -> OutboxMessage | None:
    """Return a letter of the kind of `like` that its person is still to get."""
    if like.officer_id is not None:
        to_person = OutboxMessage.officer_id == like.officer_id
    elif like.report_id is not None:
        to_person = OutboxMessage.report_id == like.report_id
    else:
        to_person = OutboxMessage.user_id == like.user_id
    return db.session.scalar(
        select(OutboxMessage)
        .where(
            OutboxMessage.letter == like.letter,
            to_person,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.leased_until.is_(None),
        )
        .limit(1)
    )


def list_due(now: datetime, *, limit: int) -> Sequence[OutboxMessage]:
    """Return letters to send now that no other worker holds, oldest first; their rows are locked on PostgreSQL."""
    return db.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.next_try_at <= now,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def address_of(message: OutboxMessage, now: datetime) -> str | None:
    """Return where a letter goes, None when the person has no address, does not want mail or is gone."""
    if message.user_id is not None:
        user = db.session.get(User, message.user_id)
        return user.email if user is not None and user.disabled_at is None else None
    if message.officer_id is not None:
        found = letter_of(message.officer_id, day_of(now))
        return None if found is None else found[0]
    report = db.session.get(Report, message.report_id)
    identity = find_identity(report) if report is not None else None
    return identity.email if identity is not None and identity.wants_email and identity.email else None


def token_for(message: OutboxMessage, now: datetime) -> str | None:
    """Return the token of the link that a letter carries, None when it carries none or the link works no more."""
    if message.letter not in WITH_LINK:
        return None
    if message.officer_id is not None:
        found = letter_of(message.officer_id, day_of(now))
        return None if found is None else found[1]
    if message.user_id is None:
        return None
    return find_token(message.user_id, now)


def language_of(message: OutboxMessage) -> str:
    """Return the language of a letter: the one a reporter reads, English for staff."""
    report = db.session.get(Report, message.report_id) if message.report_id is not None else None
    return report.language if report is not None else ENGLISH


def may_get_mail(report_id: UUID) -> bool:
    """Tell whether the reporter left an address and asked for mail."""
    report = db.session.get(Report, report_id)
    identity = find_identity(report) if report is not None else None
    return identity is not None and identity.wants_email and bool(identity.email)


def outbox_status() -> OutboxStatus:
    """Return how the outbox stands."""
    waiting = select(func.count()).where(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
    given_up = select(func.count()).where(OutboxMessage.given_up_at.is_not(None))
    return OutboxStatus(db.session.scalar(waiting) or 0, db.session.scalar(given_up) or 0)
