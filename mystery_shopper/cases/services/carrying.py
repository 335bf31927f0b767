"""Moving reports between cases: their messages and facts go along and are sealed anew under the other case's key."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.cases.joining_events import ReportMoved
from mystery_shopper.cases.models import Case, CaseEventRecord, CaseFact, FactSource, Message, Report, ReportStay
from mystery_shopper.cases.queries import list_facts
from mystery_shopper.cases.services.indexing import refresh_index
from mystery_shopper.cases.services.recording import record
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import seal, seal_json


def _last_sequence() -> int:
    return db.session.scalar(select(func.max(CaseEventRecord.sequence))) or 0


def facts_of_case(case: Case) -> Sequence[CaseFact]:
    """Return every statement of fact of a case, also those no longer in force."""
    return db.session.scalars(select(CaseFact).where(CaseFact.case_id == case.id)).all()


def carry_reports(reports: Sequence[Report], origin: Case, target: Case) -> None:
    """Move reports with their messages, and note that they leave one case for the other now.

    What was written on the cases so far happened before the move, what will be written happens after it.
    """
    since = _last_sequence()
    for report in reports:
        _note_stay(report, origin, target, since)
        report.case_id = target.id
        for message in db.session.scalars(select(Message).where(Message.report_id == report.id)):
            body = message.body(origin.data_key)
            message.body_sealed = seal(target.data_key, body, f"messages.body:{message.id}")
            message.case_id = target.id
    db.session.flush()


def _note_stay(report: Report, origin: Case, target: Case, since: int) -> None:
    open_stay = db.session.scalar(
        select(ReportStay).where(ReportStay.report_id == report.id, ReportStay.until_sequence.is_(None))
    )
    if open_stay is None:
        open_stay = ReportStay(report_id=report.id, case_id=origin.id, since_sequence=0)
        db.session.add(open_stay)
    open_stay.until_sequence = since
    db.session.add(ReportStay(report_id=report.id, case_id=target.id, since_sequence=since))


def carry_facts(rows: Iterable[CaseFact], origin: Case, target: Case) -> None:
    """Move statements of fact. None that arrives displaces one in force in the target: there, people decide."""
    taken = {fact.fact_id for fact in list_facts(target)}
    for row in rows:
        value, quoted = row.value_json(origin.data_key), row.quoted(origin.data_key)
        row.value_sealed = seal_json(target.data_key, value, f"case_facts.value:{row.id}")
        row.quoted_sealed = seal(target.data_key, quoted, f"case_facts.quoted:{row.id}") if quoted else None
        row.case_id = target.id
        row.is_current = row.is_current and row.fact_id not in taken
    db.session.flush()


def settle_facts(case: Case, known: Collection[str] = (), in_force: Collection[str] = ()) -> None:
    """Put the newest statement of each fact in force where none is.

    After a join was undone, `known` are the ids of the statements it had taken along and `in_force` those of them that
    counted before: they count again, unless the fact was stated anew meanwhile.
    """
    by_fact: dict[str, list[CaseFact]] = {}
    for row in facts_of_case(case):
        by_fact.setdefault(row.fact_id, []).append(row)
    for rows in by_fact.values():
        if in_force or not any(row.is_current for row in rows):
            chosen = max(rows, key=lambda row: _weight(row, known, in_force))
            for row in rows:
                row.is_current = row is chosen
    db.session.flush()


def _weight(row: CaseFact, known: Collection[str], in_force: Collection[str]) -> tuple[object, ...]:
    is_new = bool(known) and str(row.id) not in known
    return (
        is_new,
        str(row.id) in in_force,
        row.is_confirmed,
        row.stated_at,
        row.source is FactSource.STAFF,
        row.is_current,
        str(row.id),
    )


def note_arrivals(reports: Iterable[Report], origin: Case, target: Case, *, actor: str, now: datetime) -> None:
    """Write on the case where reports went that they came, so that each reporter reads where theirs stands now."""
    for report in reports:
        event = ReportMoved(report_id=str(report.id), came_from=origin.reference, state=target.state.value)
        record(target, event, actor=actor, now=now)
    for case in (origin, target):
        refresh_index(case)


def reports_by_id(ids: Iterable[str]) -> Sequence[Report]:
    """Return reports by their ids, in the order they came."""
    wanted = [UUID(one) for one in ids]
    return db.session.scalars(select(Report).where(Report.id.in_(wanted)).order_by(Report.received_on, Report.id)).all()
