"""What can happen to the clocks of a case, in the past tense. Known to every reader of events by `cases.events`."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.pauses import pause_rules
from mystery_shopper.core.calendar import format_day

_DATES = {"step": "Date of this step", "tender": "Deadline for tenders"}


@dataclass(frozen=True, kw_only=True)
class ClockPaused(CaseEvent):
    """A clock was stopped, for somebody or something, until somebody looks again."""

    tag: ClassVar[str] = "clock:paused"
    pause_id: str
    kind: str
    look_again_on: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Clock stopped, waiting for {_waited_for(self.kind)}, until {_day(self.look_again_on)}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class ClockResumed(CaseEvent):
    """The clock goes on. `days` are those of the calendar on which it stood."""

    tag: ClassVar[str] = "clock:resumed"
    pause_id: str
    kind: str
    started_on: str
    days: int
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        stood = "1 day" if self.days == 1 else f"{self.days} days"
        return f"Clock goes on after {stood} of waiting for {_waited_for(self.kind)}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class DueDateMoved(CaseEvent):
    """A date of the case came out differently. `what`: "step", "target", or "tender" for the deadline of the buyer."""

    tag: ClassVar[str] = "clock:due-moved"
    what: str
    old: str
    new: str
    why: str

    def sentence(self) -> str:
        """Return what staff read."""
        name = _DATES.get(self.what, "Target of the outcome")
        return f"{name} moved from {_day(self.old)} to {_day(self.new)}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseEvent):
    """The case was overdue long enough for the rule of its clock, so it was put before a senior."""

    tag: ClassVar[str] = "clock:escalated"
    due_kind: str
    due_on: str
    to: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Put before a {self.to.replace('-', ' ')}: overdue since {_day(self.due_on)} ({self.due_kind})"


def _waited_for(kind: str) -> str:
    label = next((rule.label for known, rule in pause_rules().items() if known == kind), kind)
    return label[:1].lower() + label[1:]


def _day(day: str) -> str:
    try:
        return format_day(date.fromisoformat(day)) if day else "no date"
    except ValueError:
        return day
