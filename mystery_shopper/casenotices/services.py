"""Linking notices with cases, and noting that one changed. Flushes, never commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from mystery_shopper.casenotices.events import NoticeChanged, NoticeLinked, NoticeUnlinked
from mystery_shopper.casenotices.models import CaseNotice
from mystery_shopper.casenotices.queries import find_link
from mystery_shopper.cases.models import Case, FactSource, Report
from mystery_shopper.cases.queries import list_facts
from mystery_shopper.cases.services import NewFact, add_facts, check_version, record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import seal_json
from mystery_shopper.notices.models import NoticeVersion


def link_from_report(
    case: Case, report: Report, version: NoticeVersion | None, *, number: str, actor: str, now: datetime
) -> CaseNotice:
    """Link the notice a report came with: a version we have, or (None) the copy in the report itself."""
    link = _add(case, version, report_id=report.id, actor=actor, now=now)
    record(case, NoticeLinked(number=number), actor=actor, now=now)
    return link


def link_notice(
    case: Case,
    version: NoticeVersion,
    *,
    reason: str,
    facts: Mapping[str, Any],
    version_seen: int,
    actor: str,
    now: datetime,
) -> CaseNotice:
    """Link a notice for staff, from its newest version on. `facts` (JSON values) are stated where nobody stated one.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        DomainError: the notice is linked already.
    """
    check_version(case, version_seen)
    if find_link(case, version.notice_id) is not None:
        raise DomainError("This notice is linked with the case already", field="typed")
    link = _add(case, version, report_id=None, actor=actor, now=now, reason=reason)
    record(case, NoticeLinked(number=version.number, reason=reason), actor=actor, now=now)
    known = {row.fact_id for row in list_facts(case)}
    new = [
        NewFact(fact_id=fact_id, value=value, source=FactSource.NOTICE, is_confirmed=True)
        for fact_id, value in facts.items()
        if fact_id not in known
    ]
    if new:
        add_facts(case, new, actor=actor, now=now)
    return link


def unlink_notice(
    case: Case, link: CaseNotice, *, number: str, reason: str, version_seen: int, actor: str, now: datetime
) -> None:
    """Take a link back; the frozen copies and the record that it was there stay.

    Raises:
        StaleEditError: somebody changed the case, or took the link back, since the page was opened.
    """
    check_version(case, version_seen)
    if link.unlinked_at is not None:
        raise StaleEditError("Somebody else took this link back first.")
    link.unlinked_at, link.unlinked_by = now, actor
    record(case, NoticeUnlinked(number=number, reason=reason), actor=actor, now=now)


def note_change(case: Case, *, number: str, fields: tuple[str, ...], actor: str, now: datetime) -> None:
    """Write on the timeline that the buyer published a new version of a linked notice."""
    record(case, NoticeChanged(number=number, fields=fields), actor=actor, now=now)


def _add(
    case: Case,
    version: NoticeVersion | None,
    *,
    report_id: UUID | None,
    actor: str,
    now: datetime,
    reason: str = "",
) -> CaseNotice:
    row_id = new_id()
    content = {
        "notice_id": str(version.notice_id) if version else "",
        "version_id": str(version.id) if version else "",
        "reason": reason,
    }
    link = CaseNotice(
        id=row_id,
        case_id=case.id,
        report_id=report_id,
        linked_at=now,
        linked_by=actor,
        data_key_id=case.data_key_id,
        content_sealed=seal_json(case.data_key, content, f"case_notices.content:{row_id}"),
    )
    db.session.add(link)
    db.session.flush()
    return link
