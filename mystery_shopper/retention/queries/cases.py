"""Cases as records: due after closing, held by what is on them, on those joined to them, or on their authority."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, CaseJoin, Report, ReporterIdentity
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.retention.policy import CASE_FILE, RetentionClass
from mystery_shopper.retention.queries.records import Line, Records, stands


def _is_over(one: RetentionClass, today: date) -> Sequence[ColumnElement[bool]]:
    found = [Case.closed_on.is_not(None), Case.closed_on <= one.due_until(today), Case.erased_on.is_(None)]
    if one.id != CASE_FILE:
        has_identity = select(ReporterIdentity.id).join(Report, Report.id == ReporterIdentity.report_id)
        found.append(has_identity.where(Report.case_id == Case.id).exists())
    return found


def _is_held() -> ColumnElement[bool]:
    return select(LegalHold.id).where(stands(), keeps(Case.id, Case.authority_id)).exists()


def keeps(case_id: Any, authority_id: Any) -> ColumnElement[bool]:
    """Return the condition that a hold is on a case, on one joined to it, on its authority, or on everything.

    A case goes together with those joined to it, so what keeps one of them keeps it. The two are ids or columns of ids.
    """
    parts = select(CaseJoin.joined_id).where(CaseJoin.kept_id == case_id, CaseJoin.undone_at.is_(None)).correlate(Case)
    on_case = or_(LegalHold.subject_id == case_id, LegalHold.subject_id.in_(parts))
    return or_(
        LegalHold.scope == HoldScope.EVERYTHING,
        and_(LegalHold.scope == HoldScope.CASE, on_case),
        and_(LegalHold.scope == HoldScope.AUTHORITY, LegalHold.subject_id == authority_id),
    )


def _show(ids: Collection[UUID], user: StaffMember) -> list[Line]:
    rows = db.session.execute(
        select(Case.id, Case.reference, Case.closed_on, _is_held())
        .where(Case.id.in_(ids), visible_to(user))
        .order_by(*CASES.order)
    ).all()
    return [Line(key, name, "Case", closed_on, f"/cases/{name}", held) for key, name, closed_on, held in rows]


def _count_unseen(ids: Collection[UUID], user: StaffMember) -> int:
    """Return how many cases would go that this person may not see; joined cases go with them."""
    family, new = set(ids), set(ids)
    while new:
        joined = select(CaseJoin.joined_id).where(CaseJoin.kept_id.in_(new), CaseJoin.undone_at.is_(None))
        new = set(db.session.scalars(joined)) - family
        family |= new
    statement = select(func.count()).select_from(Case).where(Case.id.in_(family))
    return db.session.scalar(statement.where(Case.erased_on.is_(None), not_(visible_to(user)))) or 0


CASES = Records(
    noun="case",
    id=Case.id,
    is_over=_is_over,
    is_held=_is_held,
    order=(Case.closed_on, Case.serial),
    show=_show,
    count_unseen=_count_unseen,
)
