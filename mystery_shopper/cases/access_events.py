"""What can happen to who may know of a case, in the past tense. Known to every reader of events by `cases.events`.

The timeline is read by everybody who works on the case: it says that something changed, never whose interest it was.
"""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.languages import _


@dataclass(frozen=True, kw_only=True)
class InterestFound(CaseEvent):
    """Somebody who knew the case turned out to have an interest in who sent this report, and lost it."""

    tag: ClassVar[str] = "interest:found"
    report_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "Who may see this case changed"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads: they learn of it as they would of a look at who they are."""
        return _(
            "Somebody who could see your report told us that they have an interest in your organisation. "
            "They can no longer see it."
        )


@dataclass(frozen=True, kw_only=True)
class EmergencyOpened(CaseEvent):
    """Somebody opened the case in an emergency although it was not theirs to see."""

    tag: ClassVar[str] = "emergency:opened"
    access_id: str
    name: str
    until: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Opened in an emergency by {self.name} until {self.until}: {self.reason}"
