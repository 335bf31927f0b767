"""Accounts of staff as records: due some time after closing, never one that is open.

Left alone: an account whose person still holds work, and those of a role that nobody with an open account holds: the
last senior caseworker or administrator can be let in again.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_, select
from sqlalchemy.orm import aliased

from mystery_shopper.accounts.closing import held_by
from mystery_shopper.accounts.models import User, UserRole
from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.core.db import day_of, db
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.retention.policy import RetentionClass
from mystery_shopper.retention.queries.records import Line, Records, is_held_as, sees_all

NEEDED = (Role.SENIOR_CASEWORKER, Role.ADMINISTRATOR)
"""The roles somebody must be able to come back to."""


def _is_over(one: RetentionClass, today: date) -> Sequence[ColumnElement[bool]]:
    day_after = datetime.combine(one.due_until(today) + timedelta(days=1), time(), UTC)
    closed = (User.disabled_at.is_not(None), User.disabled_at < day_after, User.erased_on.is_(None))
    busy = [user_id for user_id in db.session.scalars(select(User.id).where(*closed)) if held_by(user_id)]
    return *closed, User.id.not_in(busy), *(_can_be_spared(role) for role in NEEDED)


def _can_be_spared(role: Role) -> ColumnElement[bool]:
    """Return the condition that an account does not have a role, or that somebody with an open account has it."""
    other = aliased(User)
    has_it = select(UserRole.user_id).where(UserRole.role == role, UserRole.user_id == User.id).exists()
    open_one = (
        select(UserRole.user_id)
        .join(other, other.id == UserRole.user_id)
        .where(UserRole.role == role, other.disabled_at.is_(None))
    )
    return or_(not_(has_it), open_one.exists())


def _is_held() -> ColumnElement[bool]:
    return is_held_as(HoldScope.ACCOUNT, User.id)


def _show(ids: Collection[UUID], _user: StaffMember) -> list[Line]:
    rows = db.session.execute(select(User, _is_held()).where(User.id.in_(ids)).order_by(*ACCOUNTS.order)).all()
    return [
        Line(
            id=user.id,
            name=user.name,
            what=": ".join(["Account of staff", *filter(None, [", ".join(user.role_names).lower()])]),
            began_on=day_of(user.disabled_at) if user.disabled_at is not None else None,
            address="",
            is_held=held,
        )
        for user, held in rows
    ]


ACCOUNTS = Records(
    noun="account",
    id=User.id,
    is_over=_is_over,
    is_held=_is_held,
    order=(User.disabled_at, User.id),
    show=_show,
    count_unseen=sees_all,
    opened_by="administrators",
)
