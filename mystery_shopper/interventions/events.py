"""What happens after a case was closed, in the past tense."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.languages import _
from mystery_shopper.interventions.states import PRACTICE_LABELS

_NEWS = {
    "changed": _("We looked again: the authority changed what it does."),
    "not-changed": _("We looked again: the authority did not change what it does."),
    "no-answer": _("We asked the authority again if it changed what it does. It did not answer."),
}


@dataclass(frozen=True, kw_only=True)
class FollowUpPlanned(CaseEvent):
    """The case was closed, and is to be looked at again on a day."""

    tag: ClassVar[str] = "follow-up:planned"
    follow_up_id: str
    due_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"To be looked at again on {_day(self.due_on)}"


@dataclass(frozen=True, kw_only=True)
class FollowUpDone(CaseEvent):
    """Somebody looked whether the practice had changed."""

    tag: ClassVar[str] = "follow-up:done"
    follow_up_id: str
    result: str

    def sentence(self) -> str:
        """Return what staff read."""
        known = {one.value: label for one, label in PRACTICE_LABELS.items()}
        return f"Looked at again. Did the practice change? {known.get(self.result, self.result)}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _NEWS.get(self.result)


def _day(day: str) -> str:
    try:
        return format_day(date.fromisoformat(day))
    except ValueError:
        return day or "no day"
