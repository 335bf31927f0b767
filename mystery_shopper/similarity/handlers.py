"""Reactions of similarity: a new report is marked; cases whose reports changed are judged anew."""

from uuid import UUID

from mystery_shopper.cases.events import CaseEvent, ReportFiled
from mystery_shopper.cases.joining_events import CasesJoined, JoinUndone, ReportSplitOff
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db
from mystery_shopper.core.events import SYSTEM, Occasion, subscribe
from mystery_shopper.similarity import services
from mystery_shopper.triage.services import route, triage_case


def register() -> None:
    """Listen to the events of a case."""
    subscribe(ReportFiled, on_report_filed)
    subscribe(CasesJoined, on_reports_changed)
    subscribe(JoinUndone, on_reports_changed)
    subscribe(ReportSplitOff, on_reports_changed)


def on_report_filed(event: ReportFiled, _occasion: Occasion) -> None:
    """Keep the marks by which similar reports find this one."""
    services.mark_report(db.session.get_one(Report, UUID(event.report_id)))


def on_reports_changed(_event: CaseEvent, occasion: Occasion) -> None:
    """Apply the rules to the facts there are now and route again: another tender can make a case urgent.

    A joined case has no facts, and waits in no queue, until it stands by itself again.
    """
    evaluation = triage_case(occasion.subject, actor=SYSTEM, now=occasion.now)
    if occasion.subject.state is not CaseState.JOINED:
        route(occasion.subject, evaluation, actor=SYSTEM, now=occasion.now)
