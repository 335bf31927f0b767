"""Reactions: the notice a report came with is linked with its case."""

from uuid import UUID

from mystery_shopper.casenotices import services
from mystery_shopper.cases.events import ReportFiled
from mystery_shopper.cases.models import Report
from mystery_shopper.core.db import db
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.notices.models import NoticeVersion
from mystery_shopper.notices.reading import compiled_view


def register() -> None:
    """Listen to the events of a case."""
    subscribe(ReportFiled, on_report_filed)


def on_report_filed(event: ReportFiled, occasion: Occasion) -> None:
    """Link what the reporter looked up or pasted."""
    report = db.session.get_one(Report, UUID(event.report_id))
    content = report.content
    if content.notice_version_id:
        version = db.session.get_one(NoticeVersion, UUID(content.notice_version_id))
        number = version.number
    elif content.notice_copy:
        version, number = None, compiled_view([content.notice_copy.encode()]).number
    else:
        return
    services.link_from_report(occasion.subject, report, version, number=number, actor=occasion.actor, now=occasion.now)
