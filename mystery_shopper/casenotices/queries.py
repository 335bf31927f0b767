"""Reads of the notices of a case."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from mystery_shopper.casenotices.models import CaseNotice
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.notices.models import Notice


def list_links(case: Case) -> Sequence[CaseNotice]:
    """Return the links that stand: of the reports the case holds now, and those staff made on it, oldest first."""
    own = and_(CaseNotice.report_id.is_(None), CaseNotice.case_id == case.id)
    of_reports = CaseNotice.report_id.in_(select(Report.id).where(Report.case_id == case.id))
    return db.session.scalars(
        select(CaseNotice)
        .where(or_(own, of_reports), CaseNotice.unlinked_at.is_(None))
        .order_by(CaseNotice.linked_at, CaseNotice.id)
    ).all()


def get_link(case: Case, link_id: UUID) -> CaseNotice:
    """Return a link of a case that stands.

    Raises:
        NotFoundError: the case has none with this id.
    """
    found = next((link for link in list_links(case) if link.id == link_id), None)
    if found is None:
        raise NotFoundError
    return found


def find_link(case: Case, notice_id: UUID) -> CaseNotice | None:
    """Return the link of a case with a notice."""
    return next((link for link in list_links(case) if link.notice_id == notice_id), None)


def list_notices_of_open_cases() -> list[str]:
    """Return the OCID of each notice that is linked to a case which is not finished."""
    ids = {link.notice_id for link, _ in _links_of_open_cases()} - {None}
    return list(db.session.scalars(select(Notice.ocid).where(Notice.id.in_(ids)).order_by(Notice.ocid)))


def list_open_cases_of(notice_id: UUID) -> list[UUID]:
    """Return the ids of the cases that are not finished and have a notice: for the worker, which acts for nobody."""
    return sorted({case_id for link, case_id in _links_of_open_cases() if link.notice_id == notice_id})


def _links_of_open_cases() -> list[tuple[CaseNotice, UUID]]:
    """Return the links that stand and the case each belongs to now (a report takes its link along)."""
    case_now = func.coalesce(Report.case_id, CaseNotice.case_id)
    rows = db.session.execute(
        select(CaseNotice, case_now)
        .outerjoin(Report, Report.id == CaseNotice.report_id)
        .join(Case, Case.id == case_now)
        .where(CaseNotice.unlinked_at.is_(None), Case.state.not_in(FINISHED))
    )
    return [(link, case_id) for link, case_id in rows]
