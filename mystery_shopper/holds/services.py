"""Placing, reviewing and lifting holds; and `clear`, which every path that destroys asks first."""

from datetime import date, datetime
from uuid import UUID

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.vault import Clearance, create_data_key, seal
from mystery_shopper.holds.models import LegalHold, lift_context, reason_context
from mystery_shopper.holds.policy import EVERYTHING, HeldError, HoldGround, HoldScope, Subject
from mystery_shopper.holds.queries import find_by_submission, is_on, lock_against_placing, lock_for_placing, standing_on


def draft(draft_id: UUID) -> Subject:
    """Return a draft as something to be destroyed: only a hold on everything reaches it."""
    return Subject(HoldScope.EVERYTHING, draft_id)


def clear(*subjects: Subject) -> Clearance:
    """Give leave to destroy what the subjects name: the one door of every path that destroys.

    Placing a hold and asking for this leave wait for one another: none is placed between the leave and the commit.
    Lock what is to be destroyed first; who locks a case for it calls `lock_against_placing` before that.

    Raises:
        HeldError: a hold stands on one of them, or on everything.
    """
    lock_against_placing()
    if standing_on(subjects):
        raise HeldError
    return Clearance(" ".join(f"{one.scope}:{one.id}" for one in subjects))


def nothing_is_lost(why: str) -> Clearance:
    """Give leave to throw a key away with which nothing of the record goes: a draft that became a report, for one."""
    return Clearance(why)


def everything_is_held() -> bool:
    """Tell whether a hold stands on everything, so that nothing expires by itself."""
    return is_on(EVERYTHING)


def place(
    subject: Subject,
    ground: HoldGround,
    *,
    reason: str,
    review_on: date,
    submission_id: UUID,
    by_id: UUID,
    now: datetime,
) -> LegalHold:
    """Place a hold; the same form sent twice places one.

    Raises:
        DomainError: the day of review is not in the future.
    """
    known = find_by_submission(submission_id)
    if known is not None:
        return known
    _check_review(review_on, now)
    lock_for_placing()
    hold_id, key = new_id(), create_data_key(now)
    hold = LegalHold(
        id=hold_id,
        scope=subject.scope,
        subject_id=subject.id,
        ground=ground,
        data_key=key,
        reason_sealed=seal(key, reason, reason_context(hold_id)),
        placed_at=now,
        placed_by_id=by_id,
        review_on=review_on,
        submission_id=submission_id,
    )
    db.session.add(hold)
    db.session.flush()
    _note(Action.HOLD_PLACED, hold, by_id, now)
    return hold


def review(hold: LegalHold, *, reason: str, review_on: date, by_id: UUID, now: datetime) -> None:
    """Keep a hold until another day, and say why it is still needed.

    Raises:
        DomainError: it was lifted, or the day is not in the future.
    """
    _check_standing(hold)
    _check_review(review_on, now)
    words = f"{hold.reason}\n{format_day(day_of(now))}, kept: {reason}"
    hold.reason_sealed = seal(hold.data_key, words, reason_context(hold.id))
    hold.review_on, hold.reviewed_at = review_on, now
    db.session.flush()
    _note(Action.HOLD_REVIEWED, hold, by_id, now)


def lift(hold: LegalHold, *, reason: str, by_id: UUID, now: datetime) -> None:
    """Lift a hold, with the reason.

    Raises:
        DomainError: it was lifted before.
    """
    _check_standing(hold)
    hold.lifted_at, hold.lifted_by_id = now, by_id
    hold.lift_reason_sealed = seal(hold.data_key, reason, lift_context(hold.id))
    db.session.flush()
    _note(Action.HOLD_LIFTED, hold, by_id, now)


def _check_standing(hold: LegalHold) -> None:
    if hold.lifted_at is not None:
        raise DomainError(f"This hold was lifted on {format_day(day_of(hold.lifted_at))}")


def _check_review(review_on: date, now: datetime) -> None:
    if review_on <= day_of(now):
        raise DomainError("Day of review must be in the future", field="review_on")


def _note(action: Action, hold: LegalHold, by_id: UUID, now: datetime) -> None:
    audit.record(action, actor=staff_actor(by_id), subject="hold", subject_id=hold.id, now=now)
