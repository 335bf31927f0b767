"""Reads of the notices of a case."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from mystery_shopper.casenotices.models import CaseNotice
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.notices.models import Notice

T = TypeVar("T")


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
    query = select(Notice.ocid).join(CaseNotice, CaseNotice.notice_id == Notice.id)
    return list(db.session.scalars(_of_open_cases(query).distinct().order_by(Notice.ocid)))


def list_open_cases_of(notice_id: UUID) -> list[UUID]:
    """Return the ids of the cases that are not finished and have a notice: for the worker, which acts for nobody."""
    query = select(_CASE_NOW).select_from(CaseNotice).where(CaseNotice.notice_id == notice_id)
    return list(db.session.scalars(_of_open_cases(query).distinct().order_by(_CASE_NOW)))


_CASE_NOW = func.coalesce(Report.case_id, CaseNotice.case_id)
"""The case a link belongs to now: a report takes its link along."""


def _of_open_cases(query: Select[T]) -> Select[T]:
    return (
        query.outerjoin(Report, Report.id == CaseNotice.report_id)
        .join(Case, Case.id == _CASE_NOW)
        .where(CaseNotice.unlinked_at.is_(None), Case.state.not_in(FINISHED))
    )
