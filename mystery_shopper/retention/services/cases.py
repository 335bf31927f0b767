"""Erasing a case: for itself and for the cases that were joined to it.

What stays is fit for statistics: dates of the case, authority, rule ids, outcomes, and events without their content.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from mystery_shopper.cases.models import Case, CaseJoin, Report
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.search import remove_case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import Model, day_of, db
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.retention.events import CaseErased, IdentityErased
from mystery_shopper.retention.policy import CASE_FILE, BatchClass
from mystery_shopper.retention.services.erasers import Eraser, Erasing, Reach


def subjects_of(cases: Sequence[Case]) -> list[Subject]:
    """Return everything a hold could be on that stands against erasing these cases."""
    found = [Subject(HoldScope.CASE, case.id) for case in cases]
    return found + [Subject(HoldScope.AUTHORITY, case.authority_id) for case in cases if case.authority_id is not None]


def family_of(case_id: UUID) -> list[Case]:
    """Return a case and every case that was joined to it, and to those: they go together."""
    found = [get_case_for_update(case_id)]
    waiting = list(found)
    while waiting:
        joins = db.session.scalars(
            select(CaseJoin).where(CaseJoin.kept_id == waiting.pop().id, CaseJoin.undone_at.is_(None))
        ).all()
        new = [join.joined for join in joins if join.joined not in found]
        found += new
        waiting += new
    return found


def _lock(case_id: UUID) -> Case:
    return get_case_for_update(case_id, lock=True)


def _reach(class_id: BatchClass, case_id: UUID) -> Reach:
    family = family_of(case_id)
    cases = [case.id for case in family]
    reports = list(db.session.scalars(select(Report.id).where(Report.case_id.in_(cases))))
    return Reach(
        ids={"cases": cases, "reports": reports},
        subjects=subjects_of(family),
        objects=_objects_of(reports, cases) if class_id == CASE_FILE else [],
    )


def _objects_of(reports: Sequence[UUID], cases: Sequence[UUID]) -> list[str]:
    of_case = EvidenceFile.case_id.in_(cases)
    rows = db.session.execute(
        select(EvidenceFile.object_name, EvidenceFile.copy_name).where(EvidenceFile.report_id.in_(reports) | of_case)
    )
    return [name for row in rows for name in row if name is not None]


def _before(one: Erasing) -> None:
    event = CaseErased(batch=one.batch) if one.class_id == CASE_FILE else IdentityErased(batch=one.batch)
    record(get_case_for_update(one.record_id), event, actor=SYSTEM, now=one.now)


def _after(one: Erasing) -> None:
    if one.class_id != CASE_FILE:
        return
    family = family_of(one.record_id)
    for case in family:
        remove_case(db.session(), case.serial)
    cases = Model.metadata.tables[Case.__tablename__]
    gone = update(cases).where(cases.c.id.in_([case.id for case in family])).values(erased_on=day_of(one.now))
    db.session.execute(gone)


CASES = Eraser(lock=_lock, reach=_reach, before=_before, after=_after)
