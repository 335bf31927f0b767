"""What can happen to a letter."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class LetterWritten(CaseEvent):
    """A letter to the authority was sent and recorded. `known_by`: how many suppliers could know what it says."""

    tag: ClassVar[str] = "letter:written"
    intervention_id: str
    reference: str
    title: str
    language: str
    known_by: str

    def sentence(self) -> str:
        """Return what staff read."""
        few = "" if self.known_by == "more" else ". The writer was warned that few suppliers could know what it says"
        return f"Letter {self.reference} sent: {self.title}{few}"


@dataclass(frozen=True, kw_only=True)
class LetterStepTaken(CaseEvent):
    """A letter was drafted, changed, sent for approval, approved, sent back, held or dropped. `number`: which text."""

    tag: ClassVar[str] = "letter:step"
    letter_id: str
    reference: str
    title: str
    step: str
    number: int

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Letter {self.reference} {self.step}: {self.title} (version {self.number})"
