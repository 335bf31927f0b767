"""What happens when somebody looks at who reported, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.languages import _, translate


@dataclass(frozen=True, kw_only=True)
class IdentityRevealed(CaseEvent):
    """A caseworker opened the identity of one reporter for some minutes.

    `reason` is the one selected, in words for staff, and `told` as the reporter reads it: both as they were that day.
    `words` is what the caseworker wrote, for staff.
    """

    tag: ClassVar[str] = "identity:revealed"
    report_id: str
    reveal_id: str
    reason: str
    told: str
    words: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Looked at who reported: {self.reason}. {self.words}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads: that it happened, and why in fixed words."""
        return _(
            "Somebody who works on your report looked at who you are, because {why}. Nobody else saw it.",
            why=translate(self.told),
        )
