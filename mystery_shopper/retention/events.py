"""What records do to a case, in the past tense. The app imports them with the pages, so every reader knows them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.calendar import format_day


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(CaseEvent):
    """A legal hold was placed on the case."""

    tag: ClassVar[str] = "hold:on-case"
    ground: str
    review_on: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Legal hold placed ({self.ground}), to be reviewed on {_day(self.review_on)}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class HoldLifted(CaseEvent):
    """A legal hold on the case was lifted."""

    tag: ClassVar[str] = "hold:off-case"
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Legal hold lifted: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class IdentityErased(CaseEvent):
    """Who sent the reports of the case was erased under the retention schedule."""

    tag: ClassVar[str] = "identity:erased"
    batch: int

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Who sent the reports was erased under the retention schedule (batch {self.batch})"


@dataclass(frozen=True, kw_only=True)
class CaseErased(CaseEvent):
    """The content of the case was erased under the retention schedule; the row of this event keeps no words."""

    tag: ClassVar[str] = "case:erased"
    batch: int

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Erased under the retention schedule (batch {self.batch})"


def _day(day: str) -> str:
    try:
        return format_day(date.fromisoformat(day))
    except ValueError:
        return day
