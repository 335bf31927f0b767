"""What the clocks of cases show, and which cases were put before a senior."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, CasePause
from mystery_shopper.cases.pauses import pause_rules
from mystery_shopper.cases.pausing import step_can_stop
from mystery_shopper.cases.policy import Clock, Unit, clocks
from mystery_shopper.cases.queries import is_open, list_pauses, visible_cases, visible_to
from mystery_shopper.cases.services import calendar_for
from mystery_shopper.clocks.models import CaseEscalation
from mystery_shopper.core.calendar import WorkingCalendar
from mystery_shopper.core.db import db

SHOWN = 100
UNIT_WORDS: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: "working days",
    Unit.CALENDAR_DAYS: "days",
    Unit.DAYS_BEGINNING_WITH: "days, beginning with the day it began",
    Unit.MONTHS: "months",
}


@dataclass(frozen=True)
class PauseView:
    """A pause, opened. `ended_on` None: it lasts."""

    waiting_for: str
    reason: str
    started_on: date
    look_again_on: date
    ended_on: date | None
    stops: str


@dataclass(frozen=True)
class ClockView:
    """The clocks of a case as its page shows them. `step_stands`: a pause stops the clock of this very step."""

    clock: Clock | None
    calendar: WorkingCalendar
    is_sure: bool
    step_stands: bool
    lasting: PauseView | None
    earlier: tuple[PauseView, ...]
    escalated_at: datetime | None

    @property
    def limit(self) -> str:
        """Return in words how long the step may take."""
        return "" if self.clock is None else f"{self.clock.count} {UNIT_WORDS[self.clock.unit]}"


def show_clocks(case: Case, today: date) -> ClockView:
    """Return what is known of the clocks of a case."""
    clock, calendar = clocks().get(case.state), calendar_for(case)
    rows = list_pauses(case)
    views = [_show_pause(case, row) for row in rows]
    return ClockView(
        clock=clock,
        calendar=calendar,
        is_sure=_is_sure(case, clock, calendar),
        step_stands=any(row.ended_on is None and pause_rules()[row.kind].stops_step for row in rows)
        and step_can_stop(case.state),
        lasting=next((view for view in views if view.ended_on is None), None),
        earlier=tuple(view for view in views if view.ended_on is not None),
        escalated_at=find_escalated_at(case) if case.due_on and case.due_on < today else None,
    )


def _is_sure(case: Case, clock: Clock | None, calendar: WorkingCalendar) -> bool:
    if clock is None or case.step_due_on is None or case.step_set_on is not None:
        return True
    return clock.is_sure(case.step_started_on or case.step_due_on, case.step_due_on, calendar)


def _show_pause(case: Case, row: CasePause) -> PauseView:
    rule = pause_rules()[row.kind]
    stopped = [name for name, stops in (("this step", rule.stops_step), ("the target", rule.stops_target)) if stops]
    return PauseView(
        waiting_for=rule.label,
        reason=row.reason(case.data_key),
        started_on=row.started_on,
        look_again_on=row.look_again_on,
        ended_on=row.ended_on,
        stops=" and ".join(stopped),
    )


def find_escalated_at(case: Case) -> datetime | None:
    """Return when the date the case is due on was put before a senior, None when it was not."""
    return db.session.scalar(
        select(CaseEscalation.escalated_at).where(
            CaseEscalation.case_id == case.id,
            CaseEscalation.due_kind == case.due_kind,
            CaseEscalation.due_on == case.due_on,
        )
    )


def _is_escalated(today: date) -> ColumnElement[bool]:
    """A case that is overdue now and was put before a senior for that date: read from the overdue ones, which are few.

    What was once put before somebody and is over stays on record for ever, and is not looked at.
    """
    known = select(CaseEscalation.case_id).where(
        CaseEscalation.case_id == Case.id,
        CaseEscalation.due_kind == Case.due_kind,
        CaseEscalation.due_on == Case.due_on,
    )
    return and_(is_open(), Case.due_on < today, known.exists())


def list_escalated(user: StaffMember, today: date) -> Sequence[Case]:
    """Return the cases before a senior that this person may see, the longest overdue first; at most SHOWN."""
    return db.session.scalars(
        visible_cases(user).where(_is_escalated(today)).order_by(Case.due_on, Case.serial).limit(SHOWN)
    ).all()


def count_escalated(user: StaffMember, today: date) -> int:
    """Return how many cases are before a senior that this person may see; SHOWN + 1 when there are more than SHOWN."""
    found = select(Case.serial).where(visible_to(user), _is_escalated(today)).limit(SHOWN + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0
