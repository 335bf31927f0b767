"""Reads of the register of interests. The name of a supplier is for the person who entered it alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import list_users, names_of
from mystery_shopper.cases.models import Case, CaseRecusal, Interest, InterestKind
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.interests.matching import in_force


class Standing(StrEnum):
    """How an interest stands today."""

    NOW = "Stands"
    ENDED = "Ended, still counts"
    OVER = "Over"
    WITHDRAWN = "Entered by mistake"


@dataclass(frozen=True, kw_only=True)
class InterestView:
    """One interest as a page shows it; what its reader may not know is empty or said in general words."""

    id: UUID
    what: str
    words: str
    starts_on: date
    ends_on: date | None
    blocks_until: date | None
    declared_at: datetime
    declared_by: str
    standing: Standing
    can_end: bool
    can_withdraw: bool
    withdrawal: str


def get_interest(interest_id: UUID) -> Interest:
    """Return an interest by id.

    Raises:
        NotFoundError: there is none.
    """
    interest = db.session.get(Interest, interest_id)
    if interest is None:
        raise NotFoundError
    return interest


def list_interests(user_id: UUID, viewer: StaffMember, today: date) -> list[InterestView]:
    """Return the interests of a person, ended ones too, the latest first."""
    rows = db.session.scalars(
        select(Interest).where(Interest.user_id == user_id).order_by(Interest.declared_at.desc(), Interest.id)
    ).all()
    names = names_of({row.declared_by for row in rows})
    references = _references([row.case_id for row in rows if row.case_id is not None], viewer)
    return [_show(row, viewer, names.get(row.declared_by, ""), references, today) for row in rows]


def _references(case_ids: Sequence[UUID], viewer: StaffMember) -> Mapping[UUID, str]:
    if not case_ids:
        return {}
    rows = db.session.execute(select(Case.id, Case.reference).where(visible_to(viewer), Case.id.in_(case_ids)))
    return {row[0]: row[1] for row in rows}


def _show(row: Interest, viewer: StaffMember, by: str, references: Mapping[UUID, str], today: date) -> InterestView:
    is_own, content, standing = row.user_id == viewer.id, row.content, _standing(row, today)
    reference = references.get(row.case_id) if row.case_id else None
    is_hidden = row.kind is InterestKind.SUPPLIER or (row.kind is InterestKind.CASE and reference is None)
    is_sealed = is_hidden and not is_own
    if row.authority is not None:
        what = row.authority.name
    elif row.kind is InterestKind.SUPPLIER:
        what = "A supplier" if is_sealed else content.supplier
    else:
        what = f"Case {reference}" if reference else "One case"
    return InterestView(
        id=row.id,
        what=what,
        words="" if is_sealed else content.words,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        blocks_until=row.blocks_until,
        declared_at=row.declared_at,
        declared_by="" if row.declared_by == row.user_id else by,
        standing=standing,
        can_end=standing is Standing.NOW and row.kind is not InterestKind.CASE,
        can_withdraw=not is_own and standing is not Standing.WITHDRAWN,
        withdrawal="" if is_sealed else row.withdrawal,
    )


def _standing(row: Interest, today: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if row.blocks_until is None:
        return Standing.NOW
    return Standing.ENDED if row.blocks_until >= today else Standing.OVER


def list_people(today: date) -> list[tuple[User, int]]:
    """Return everybody who has an account in use, by name, with how many interests of theirs stand."""
    counts: dict[UUID, int] = {}
    found = select(Interest.user_id, func.count()).where(in_force(today)).group_by(Interest.user_id)
    for user_id, count in db.session.execute(found):
        counts[user_id] = count
    return [(user, counts.get(user.id, 0)) for user in list_users() if not user.is_disabled]


def who_is_recused(case: Case) -> frozenset[UUID]:
    """Return the people against whom an interest stands in a case."""
    return frozenset(db.session.scalars(select(CaseRecusal.user_id).where(CaseRecusal.case_id == case.id)))
