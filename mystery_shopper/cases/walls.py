"""What one reporter may know of a case that may hold the reports of others, and what staff read of joined cases.

A report that was never moved knows its case alone. One that was moved has stays: from which event to which it was in
which case. Its reporter knows the events of its stays, the case their report opened (their reference, title and dates)
and what they said themselves. Nothing that another reporter brought is among it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from mystery_shopper.cases.events import CaseEvent, StateChanged
from mystery_shopper.cases.models import Case, CaseEventRecord, CaseFact, Direction, Message, Report, ReportStay
from mystery_shopper.cases.queries import get_case_of, list_events, list_joins
from mystery_shopper.cases.states import CaseState, WaitingFor
from mystery_shopper.core.db import db

_ASKING = frozenset({CaseState.MORE_INFORMATION, CaseState.CLOSED_NO_REPLY})


@dataclass(frozen=True)
class KnownEvent:
    """An event and the case it was written on, whose key opens it."""

    row: CaseEventRecord
    case: Case


def list_stays(report: Report) -> Sequence[ReportStay]:
    """Return where a report has been, in order; empty when it was never moved."""
    return db.session.scalars(
        select(ReportStay).where(ReportStay.report_id == report.id).order_by(ReportStay.since_sequence)
    ).all()


def home_case_of(report: Report) -> Case:
    """Return the case a report opened: reference, title, authority and dates as its reporter knows them."""
    stays = list_stays(report)
    if not stays:
        return get_case_of(report)
    return db.session.get_one(Case, stays[0].case_id)


def shares_case(report: Report) -> bool:
    """Tell whether another report lies in the same case now."""
    others = select(func.count()).select_from(Report).where(Report.case_id == report.case_id, Report.id != report.id)
    return bool(db.session.scalar(others))


def events_known_to(report: Report) -> list[KnownEvent]:
    """Return what happened to the cases of a report while it was in them, oldest first."""
    stays = list_stays(report)
    if not stays:
        case = get_case_of(report)
        return [KnownEvent(row, case) for row in list_events(case)]
    known: list[KnownEvent] = []
    for stay in stays:
        case = db.session.get_one(Case, stay.case_id)
        known += [KnownEvent(row, case) for row in _during(stay)]
    return known


def _during(stay: ReportStay) -> Sequence[CaseEventRecord]:
    conditions = [CaseEventRecord.case_id == stay.case_id, CaseEventRecord.sequence > stay.since_sequence]
    if stay.until_sequence is not None:
        conditions.append(CaseEventRecord.sequence <= stay.until_sequence)
    return db.session.scalars(select(CaseEventRecord).where(*conditions).order_by(CaseEventRecord.sequence)).all()


def facts_said_by(report: Report) -> dict[str, Any]:
    """Return what a reporter last said of each fact, as JSON of the registry, whatever is in force in the case."""
    case = get_case_of(report)
    rows = db.session.scalars(
        select(CaseFact)
        .where(CaseFact.report_id == report.id)
        .order_by(CaseFact.stated_at, CaseFact.is_current, CaseFact.id)
    )
    return {row.fact_id: row.value_json(case.data_key) for row in rows}


def is_for(report: Report, event: CaseEvent) -> bool:
    """Tell whether an event may be told to a reporter: not one about another report.

    That we wait for an answer is told only to those we wrote to; of several reporters usually one was asked.
    """
    if getattr(event, "report_id", str(report.id)) != str(report.id):
        return False
    asks = isinstance(event, StateChanged) and event.new in _ASKING
    return not asks or not shares_case(report) or _last_direction(report) is not None


def is_waited_for(report: Report) -> bool:
    """Tell whether we wait for this reporter: in a case of several, only when our last word to them is unanswered."""
    if get_case_of(report).waiting is not WaitingFor.REPORTER:
        return False
    return not shares_case(report) or _last_direction(report) is Direction.TO_REPORTER


def _last_direction(report: Report) -> Direction | None:
    return db.session.scalar(
        select(Message.direction)
        .where(Message.report_id == report.id)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )


def events_for_staff(case: Case) -> list[KnownEvent]:
    """Return what happened to a case, to the cases joined to it, and to its reports elsewhere, oldest first."""
    known = {row.sequence: KnownEvent(row, case) for row in list_events(case)}
    for join in list_joins(case):
        known |= {row.sequence: KnownEvent(row, join.joined) for row in list_events(join.joined)}
    for stay in _stays_elsewhere(case):
        elsewhere = db.session.get_one(Case, stay.case_id)
        for row in _during(stay):
            event = row.to_event(elsewhere.data_key)
            if getattr(event, "report_id", "") == str(stay.report_id):
                known.setdefault(row.sequence, KnownEvent(row, elsewhere))
    return [known[sequence] for sequence in sorted(known)]


def _stays_elsewhere(case: Case) -> Sequence[ReportStay]:
    return db.session.scalars(
        select(ReportStay)
        .join(Report, Report.id == ReportStay.report_id)
        .where(Report.case_id == case.id, ReportStay.case_id != case.id)
        .order_by(ReportStay.since_sequence)
    ).all()
