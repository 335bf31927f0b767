"""Decisions about a case, pure: clocks, what is due next, references."""

import secrets
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.cases.states import JOINABLE, CaseState
from mystery_shopper.core.calendar import (
    Span,
    WorkingCalendar,
    add_months,
    add_working_days,
    last_day_beginning_with,
    stretch,
)
from mystery_shopper.core.tables import keyed_rows, read_table

CLOCKS_FILE = "cases/data/clocks.csv"
PUBLIC_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_LENGTH = 10
BEFORE_OUTCOME = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.ACKNOWLEDGED,
        CaseState.TRIAGE,
        CaseState.MORE_INFORMATION,
        CaseState.ACCEPTED,
        CaseState.AUTHORITY_CONTACTED,
        CaseState.FORMAL_NOTICE,
        CaseState.NON_COMPLIANT,
        CaseState.RESPONDED,
        CaseState.ASSESSMENT,
        CaseState.INTERVENTION,
        CaseState.REOPENED,
    }
)
"""States in which the tender's own clock and the target date still count."""


class Priority(StrEnum):
    """How soon a case must be looked at; the routing table decides."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Unit(StrEnum):
    """How a clock counts."""

    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    DAYS_BEGINNING_WITH = "days-beginning-with"
    MONTHS = "months"


class DueKind(StrEnum):
    """Which clock a due date belongs to, the strongest first."""

    TENDER = "tender"
    STATUTORY = "statutory"
    STEP = "step"
    PAUSE = "pause"
    TARGET = "target"


@dataclass(frozen=True)
class Clock:
    """How long a state may last. `basis` says whether law, policy or this project set the number."""

    state: CaseState
    count: int
    unit: Unit
    kind: DueKind
    basis: str
    source: str

    @property
    def can_stop(self) -> bool:
        """Tell whether a pause stops this clock: a period set by law runs on whatever we wait for."""
        return self.kind is not DueKind.STATUTORY

    def ends_on(self, entered_on: date, holidays: AbstractSet[date], stopped: Sequence[Span] = ()) -> date:
        """Return the last day of the clock for a state entered on `entered_on` that stood still on `stopped` days."""
        spans = stopped if self.can_stop else ()
        match self.unit:
            case Unit.WORKING_DAYS:
                return add_working_days(entered_on, self.count, holidays, stopped=spans)
            case Unit.CALENDAR_DAYS:
                end = entered_on + timedelta(days=self.count)
            case Unit.DAYS_BEGINNING_WITH:
                end = last_day_beginning_with(entered_on, self.count)
            case Unit.MONTHS:
                end = add_months(entered_on, self.count)
        return stretch(entered_on, end, spans)

    def is_sure(self, entered_on: date, end: date, calendar: WorkingCalendar) -> bool:
        """Tell whether the bank holidays the clock counts past are known; other clocks count none."""
        return self.unit is not Unit.WORKING_DAYS or calendar.knows(entered_on, end)


@cache
def clocks() -> Mapping[CaseState, Clock]:
    """Return the clocks of data/clocks.csv by state.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return keyed_rows(read_table(CLOCKS_FILE), CLOCKS_FILE, _clock)


def _clock(row: Mapping[str, str]) -> tuple[CaseState, Clock]:
    state = CaseState(row["state"])
    return state, Clock(state, int(row["count"]), Unit(row["unit"]), DueKind(row["kind"]), row["basis"], row["source"])


@dataclass(frozen=True)
class Due:
    """The next date that matters and the clock it is of."""

    on: date
    kind: DueKind


def next_due(
    state: CaseState, *, step: Due | None, target_on: date | None, tender_closes_on: date | None, today: date
) -> Due | None:
    """Return the earliest of the clocks that still run; of two on one day the stronger kind.

    The tender's own clock counts until it has run out or an outcome is recorded; the target until an outcome is.
    """
    candidates = [step] if step else []
    if state in BEFORE_OUTCOME:
        if tender_closes_on is not None and tender_closes_on >= today:
            candidates.append(Due(tender_closes_on, DueKind.TENDER))
        if target_on is not None:
            candidates.append(Due(target_on, DueKind.TARGET))
    order = list(DueKind)
    return min(candidates, key=lambda due: (due.on, order.index(due.kind)), default=None)


def staff_reference(year: int, number: int) -> str:
    """Return a reference for staff, like MS-2026-00417."""
    return f"MS-{year}-{number:05d}"


def new_public_reference() -> str:
    """Return a random reference for the public (50 bits): it tells nothing of order or number."""
    return "PR-" + "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(PUBLIC_LENGTH))


@dataclass(frozen=True)
class JoinCandidate:
    """What decides whether a case can be joined; `authority` is the registered one's name, None when not found yet."""

    reference: str
    state: CaseState
    authority: str | None
    is_demonstration: bool


def join_refusal(kept: JoinCandidate, joined: JoinCandidate) -> str | None:
    """Return why `joined` cannot become part of `kept`, in words for staff; None when it can."""
    if kept.reference == joined.reference:
        return "Enter the reference of another case"
    if kept.is_demonstration != joined.is_demonstration:
        return "A demonstration case cannot be joined with a real one"
    if kept.authority and joined.authority and kept.authority != joined.authority:
        return "The cases are about different authorities. Link them instead"
    if kept.state not in BEFORE_OUTCOME:
        return f"{kept.reference} already has an outcome or is closed. Link the cases instead"
    if joined.state not in JOINABLE:
        return f"{joined.reference} is too far on to become part of another case. Keep it, or link the cases"
    return None
