"""Clocks of a case: what is due next, pauses, and counting again. A clock never moves without an event."""

from datetime import date, datetime

from sqlalchemy import select

from mystery_shopper.cases.clock_events import ClockPaused, ClockResumed, DueDateMoved
from mystery_shopper.cases.models import Case, CasePause
from mystery_shopper.cases.pauses import Pause, PauseKind, pause_rules, step_spans, target_spans
from mystery_shopper.cases.pausing import kinds_open_to, step_can_stop
from mystery_shopper.cases.policy import Due, DueKind, clocks, next_due
from mystery_shopper.cases.queries import find_pause, list_joins, list_pauses
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CaseState, waiting_for
from mystery_shopper.core.calendar import WorkingCalendar, stretch
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.holidays import calendar_of
from mystery_shopper.core.vault import seal

MOVED_ON = "the case moved on"


def calendar_for(case: Case) -> WorkingCalendar:
    """Return the calendar of the nation the authority works in; that of England and Wales while it is not known."""
    return calendar_of(case.authority.calendar_division if case.authority else None)


def start_step(case: Case, state: CaseState, started_on: date) -> None:
    """Start the clock of a state on a case that enters it."""
    clock = clocks().get(state)
    case.step_started_on = started_on
    case.step_set_on = None
    case.step_due_on = clock.ends_on(started_on, calendar_for(case).holidays) if clock else None


def set_step(case: Case, due_on: date | None, today: date) -> None:
    """Give a step a date of its own instead of that of its clock: a notice names it."""
    case.step_set_on = case.step_due_on = due_on
    refresh_due(case, today)


def next_tender(case: Case, today: date) -> date | None:
    """Return when the next tender of a case and of those joined to it closes; None when all have, or none is known."""
    return _next_tender(_together(case), today)


def _together(case: Case) -> list[Case]:
    return [case, *(join.joined for join in list_joins(case))]


def _next_tender(together: list[Case], today: date) -> date | None:
    return min((day for one in together if (day := one.tender_closes_on) and day >= today), default=None)


def refresh_due(case: Case, today: date) -> None:
    """Set the next date that matters from the clocks that run: those of the case and of the ones joined to it.

    While a clock is stopped, the day on which somebody looks again stands in for it.
    """
    pause = find_pause(case)
    paused = pause.to_pause() if pause else None
    together = _together(case)
    due = next_due(
        case.state,
        step=_step(case, paused),
        target_on=None
        if paused and pause_rules()[paused.kind].stops_target
        else min((one.target_on for one in together if one.target_on), default=None),
        tender_closes_on=_next_tender(together, today),
        today=today,
    )
    case.due_on = due.on if due else None
    case.due_kind = due.kind if due else None


def _step(case: Case, paused: Pause | None) -> Due | None:
    kind = DueKind.STATUTORY if case.state is CaseState.FORMAL_NOTICE else DueKind.STEP
    step = Due(case.step_due_on, kind) if case.step_due_on else None
    if paused is None:
        return step
    again = Due(paused.look_again_on, DueKind.PAUSE)
    still_runs = step is not None and not (pause_rules()[paused.kind].stops_step and step_can_stop(case.state))
    return min(step, again, key=lambda due: due.on) if step is not None and still_runs else again


def refresh_passed_tenders(today: date) -> int:
    """Give every case whose tender has closed its next clock; return how many. Safe to repeat."""
    passed = db.session.scalars(
        select(Case).where(Case.due_kind == DueKind.TENDER, Case.due_on < today).order_by(Case.serial)
    ).all()
    for case in passed:
        refresh_due(case, today)
    db.session.flush()
    return len(passed)


def pause_clock(
    case: Case, kind: PauseKind, *, look_again_on: date, reason: str, actor: str, now: datetime
) -> CasePause:
    """Stop the clock of a case until somebody lets it go on, or the case takes its next step.

    Raises:
        DomainError: it stands still already, nothing can be stopped, or the day to look again is not in the future.
    """
    today = day_of(now)
    if find_pause(case) is not None:
        raise DomainError("The clock of this case stands still already. Let it go on first.")
    if kind not in kinds_open_to(case.state, has_target=case.target_on is not None):
        raise DomainError("This would stop no clock of this case", field="kind")
    if look_again_on <= today:
        raise DomainError("The day to look again must be in the future", field="look_again_on")
    pause_id = new_id()
    row = CasePause(
        id=pause_id,
        case_id=case.id,
        kind=kind,
        started_on=today,
        look_again_on=look_again_on,
        reason_sealed=seal(case.data_key, reason, f"case_pauses.reason:{pause_id}"),
    )
    db.session.add(row)
    case.paused_since = today
    case.waiting = pause_rules()[kind].waiting
    db.session.flush()
    refresh_due(case, today)
    event = ClockPaused(pause_id=str(pause_id), kind=kind.value, look_again_on=look_again_on.isoformat(), reason=reason)
    record(case, event, actor=actor, now=now)
    return row


def resume_clock(case: Case, *, reason: str, actor: str, now: datetime) -> None:
    """Let the clock of a case go on; its dates move by the days on which it stood.

    Raises:
        DomainError: the clock runs.
    """
    row = find_pause(case)
    if row is None:
        raise DomainError("The clock of this case runs already.")
    end_pause(case, row, reason=reason, actor=actor, now=now)
    case.waiting = waiting_for(case.state)
    recount(case, why=f"the clock stood from {row.started_on.isoformat()}", actor=actor, now=now)


def end_pause(case: Case, row: CasePause, *, reason: str, actor: str, now: datetime) -> None:
    """End a pause: as of today, or of the day it started when the clock of the machine was set back since."""
    row.ended_on = max(day_of(now), row.started_on)
    case.paused_since = None
    db.session.flush()
    event = ClockResumed(
        pause_id=str(row.id),
        kind=row.kind.value,
        started_on=row.started_on.isoformat(),
        days=(row.ended_on - row.started_on).days,
        reason=reason,
    )
    record(case, event, actor=actor, now=now)


def counted_dates(case: Case, today: date) -> tuple[date | None, date | None]:
    """Return the dates of step and target as the calendar and the pauses give them today."""
    pauses = [row.to_pause() for row in list_pauses(case)]
    return _counted_step(case, pauses, today), _counted_target(case, pauses, today)


def _counted_step(case: Case, pauses: list[Pause], today: date) -> date | None:
    if case.step_started_on is None or case.step_due_on is None:
        return case.step_due_on
    spans = step_spans(pauses, today)
    if case.step_set_on is not None:
        return stretch(case.step_started_on, case.step_set_on, spans if step_can_stop(case.state) else ())
    clock = clocks().get(case.state)
    return clock.ends_on(case.step_started_on, calendar_for(case).holidays, spans) if clock else case.step_due_on


def _counted_target(case: Case, pauses: list[Pause], today: date) -> date | None:
    if case.target_base_on is None:
        return case.target_on
    return stretch(case.received_on, case.target_base_on, target_spans(pauses, today))


def recount(case: Case, *, why: str, actor: str, now: datetime) -> list[DueDateMoved]:
    """Count step and target of a case again, and put on record what moved.

    Returns:
        What moved: nothing when all dates stay as they are.
    """
    today = day_of(now)
    counted = counted_dates(case, today)
    moved = _differences(case, counted, why)
    case.step_due_on, case.target_on = counted
    refresh_due(case, today)
    for event in moved:
        record(case, event, actor=actor, now=now)
    db.session.flush()
    return moved


def move_tender(case: Case, closes_on: date, *, why: str, actor: str, now: datetime) -> None:
    """Note that tenders must be in on another day than was known. Nothing happens when it is the day that is known."""
    old = case.tender_closes_on
    if old == closes_on:
        return
    case.tender_closes_on = closes_on
    refresh_due(case, day_of(now))
    record(case, DueDateMoved(what="tender", old=_text(old), new=_text(closes_on), why=why), actor=actor, now=now)


def moves_of(case: Case, *, why: str, today: date) -> list[DueDateMoved]:
    """Return what counting again would move, without moving it."""
    return _differences(case, counted_dates(case, today), why)


def _differences(case: Case, counted: tuple[date | None, date | None], why: str) -> list[DueDateMoved]:
    old = (("step", case.step_due_on), ("target", case.target_on))
    return [
        DueDateMoved(what=what, old=_text(before), new=_text(after), why=why)
        for (what, before), after in zip(old, counted, strict=True)
        if before != after
    ]


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
