"""Joining cases, undoing it, and taking one report out: every report is in exactly one case before and after.

What a join changes and how it is taken back, in one place:

| thing | join | undo | split |
|---|---|---|---|
| reports, their messages | to the kept case | back, if they are still there | the one report to a new case |
| facts | all to the kept case; what was in force there stays | back, as they were in force before | the report's own |
| state | joined | the one before | new case: triage |
| flags | of the joined case: out of force | in force again, then judged anew | judged anew in both |
| dates | the earliest tender and target date of all count | each case's own | each case's own |
| events, interventions | stay where they were written | stay | stay |
| notes, tasks, labels | stay; the kept case shows them too | stay, and are shown there alone | stay |
| owner, checklists, who watches | stay as they are | stay | the same owner; nothing ticked, nobody watches |
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import attributes

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.joining_events import CasesJoined, JoinUndone, ReportSplitOff
from mystery_shopper.cases.models import Carried, Case, CaseFact, CaseJoin, Flag, Report
from mystery_shopper.cases.policy import JoinCandidate, join_refusal, new_public_reference, staff_reference
from mystery_shopper.cases.queries import find_join, list_facts, list_flags, list_reports
from mystery_shopper.cases.services.carrying import (
    carry_facts,
    carry_reports,
    facts_of_case,
    note_arrivals,
    reports_by_id,
    settle_facts,
)
from mystery_shopper.cases.services.clocks import refresh_due
from mystery_shopper.cases.services.moving import check_version, move
from mystery_shopper.cases.services.opening import next_number
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import WITHDRAWABLE, CaseState, waiting_for
from mystery_shopper.cases.walls import home_case_of
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import create_data_key, seal, seal_json

START_FACT = "procurement_start_date"


def candidate(case: Case) -> JoinCandidate:
    """Return what decides whether a case can be joined."""
    name = case.authority.name if case.authority else None
    return JoinCandidate(case.reference, case.state, name, case.is_demonstration)


def join_cases(
    kept: Case, joined: Case, *, kept_version: int, joined_version: int, reason: str, joiner: StaffMember, now: datetime
) -> CaseJoin:
    """Make the reports of `joined` part of `kept`.

    Raises:
        StaleEditError: somebody changed one of the cases since the page was opened, or joined them first.
        DomainError: these cases cannot be joined this way round.
    """
    if find_join(joined) is not None:
        raise StaleEditError(f"Somebody else joined {joined.reference} while you were working on it.")
    check_version(kept, kept_version)
    check_version(joined, joined_version)
    refusal = join_refusal(candidate(kept), candidate(joined))
    if refusal is not None:
        raise DomainError(refusal)
    reports, facts = list_reports(joined), facts_of_case(joined)
    join = _new_join(kept, joined, reports, joiner, now)
    carry_reports(reports, joined, kept)
    carry_facts(facts, joined, kept)
    for flag in list_flags(joined):
        flag.is_current = False
    move(joined, CaseState.JOINED, actor=joiner.actor, now=now, reason=f"part of {kept.reference}")
    note_arrivals(reports, joined, kept, actor=joiner.actor, now=now)
    _touch(kept, now)
    record(joined, CasesJoined(other=kept.reference, kept=False, reason=reason), actor=joiner.actor, now=now)
    record(kept, CasesJoined(other=joined.reference, kept=True, reason=reason), actor=joiner.actor, now=now)
    return join


def _new_join(kept: Case, joined: Case, reports: Sequence[Report], joiner: StaffMember, now: datetime) -> CaseJoin:
    facts, row_id = facts_of_case(joined), new_id()
    carried = Carried(
        reports=tuple(str(report.id) for report in reports),
        facts=tuple(str(fact.id) for fact in facts),
        facts_in_force=tuple(str(fact.id) for fact in facts if fact.is_current),
        flags_in_force=tuple(str(flag.id) for flag in list_flags(joined)),
    )
    join = CaseJoin(
        id=row_id,
        kept=kept,
        joined=joined,
        joined_at=now,
        joined_by=joiner.id,
        state_before=joined.state,
        step_due_before=joined.step_due_on,
        carried_sealed=seal_json(joined.data_key, carried.to_json(), f"case_joins.carried:{row_id}"),
    )
    db.session.add(join)
    db.session.flush()
    return join


def undo_join(
    join: CaseJoin, *, kept_version: int, joined_version: int, reason: str, undoer: StaffMember, now: datetime
) -> None:
    """Take two joined cases apart: the reports that are still in the kept case go back, and what came of them since.

    Raises:
        StaleEditError: somebody changed one of the cases since the page was opened, or undid the join first.
        DomainError: the kept case has gone too far, or none of the reports is in it any more.
    """
    kept, joined = join.kept, join.joined
    if join.undone_at is not None:
        raise StaleEditError(f"Somebody else took {joined.reference} out of {kept.reference} first.")
    check_version(kept, kept_version)
    check_version(joined, joined_version)
    carried = join.carried
    reports = [report for report in reports_by_id(carried.reports) if report.case_id == kept.id]
    _check_can_undo(kept, reports)
    join.undone_at, join.undone_by = now, undoer.id
    move(joined, join.state_before, actor=undoer.actor, now=now, reason=f"no longer part of {kept.reference}")
    joined.step_set_on = joined.step_due_on = join.step_due_before
    carry_reports(reports, kept, joined)
    ids = {report.id for report in reports}
    returning = [row for row in facts_of_case(kept) if row.report_id in ids or str(row.id) in carried.facts]
    carry_facts(returning, kept, joined)
    settle_facts(joined, carried.facts, carried.facts_in_force)
    settle_facts(kept)
    _forget_start(kept, returning)
    _restore_flags(carried)
    note_arrivals(reports, kept, joined, actor=undoer.actor, now=now)
    for case, other in ((joined, kept), (kept, joined)):
        _touch(case, now)
        event = JoinUndone(other=other.reference, kept=case is kept, reason=reason)
        record(case, event, actor=undoer.actor, now=now)


def _check_can_undo(kept: Case, reports: Sequence[Report]) -> None:
    if kept.state not in WITHDRAWABLE:
        raise DomainError(f"The result of {kept.reference} is already public, or the case is closed or joined itself.")
    if not reports:
        raise DomainError(f"The reports that came with it are no longer in {kept.reference}.")


def _restore_flags(carried: Carried) -> None:
    ids = [UUID(flag_id) for flag_id in carried.flags_in_force]
    for flag in db.session.scalars(select(Flag).where(Flag.id.in_(ids))):
        flag.is_current = True
    db.session.flush()


def split_report(case: Case, report: Report, *, version: int | None, reason: str, actor: str, now: datetime) -> Case:
    """Take one report of several into a new case with the same owner and queue; it starts at triage.

    `version` is the one the page showed; None when its reporter asks and nobody had a page open.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        DomainError: it is the only report of the case, of another case, or the result is already public.
    """
    if version is not None:
        check_version(case, version)
    if report.case_id != case.id:
        raise DomainError("Select a report of this case", field="report")
    if len(list_reports(case)) < 2:
        raise DomainError("This is the only report of the case", field="report")
    if case.state not in WITHDRAWABLE:
        raise DomainError("The result is already public, or the case is closed. Nothing can be taken out.")
    target = _open_beside(case, report, now)
    for state in (CaseState.ACKNOWLEDGED, CaseState.TRIAGE):
        move(target, state, actor=actor, now=now, reason=f"taken out of {case.reference}")
    carry_reports([report], case, target)
    leaving = [row for row in facts_of_case(case) if row.report_id == report.id]
    carry_facts(leaving, case, target)
    settle_facts(target)
    settle_facts(case)
    _forget_start(case, leaving)
    note_arrivals([report], case, target, actor=actor, now=now)
    for one, other in ((target, case), (case, target)):
        _touch(one, now)
        event = ReportSplitOff(other=other.reference, kept=one is case, reason=reason)
        record(one, event, actor=actor, now=now)
    return target


def _open_beside(case: Case, report: Report, now: datetime) -> Case:
    home, today = home_case_of(report), day_of(now)
    key, case_id = create_data_key(now), new_id()
    name = None if case.authority else home.authority_name
    opened = Case(
        id=case_id,
        serial=next_number("serial"),
        reference=staff_reference(today.year, next_number(str(today.year))),
        public_reference=new_public_reference(),
        state=CaseState.RECEIVED,
        waiting=waiting_for(CaseState.RECEIVED),
        origin=home.origin,
        queue=case.queue,
        priority=case.priority,
        scope=case.scope,
        authority_id=case.authority_id,
        owner_id=case.owner_id,
        data_key=key,
        title_sealed=seal(key, report.content.procurement_title, f"cases.title:{case_id}"),
        authority_text_sealed=seal(key, name, f"cases.authority_text:{case_id}") if name else None,
        received_on=report.received_on,
        tender_closes_on=home.tender_closes_on,
        target_on=home.target_on,
        target_base_on=home.target_on,
        state_since=now,
        is_demonstration=case.is_demonstration,
    )
    db.session.add(opened)
    db.session.flush()
    return opened


def _forget_start(case: Case, gone: Sequence[CaseFact]) -> None:
    """Let a case forget a start of the procurement that only a report that left it knew."""
    if any(row.fact_id == START_FACT for row in gone) and START_FACT not in {row.fact_id for row in list_facts(case)}:
        case.procurement_started_on = None


def _touch(case: Case, now: datetime) -> None:
    """Set what is due, and make sure that whoever has an older page of this case open is told."""
    refresh_due(case, day_of(now))
    attributes.flag_modified(case, "due_on")
    db.session.flush()
