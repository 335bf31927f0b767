"""What can happen to a letter."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class LetterWritten(CaseEvent):
    """A letter to the authority was recorded as sent. `known_by`: how many suppliers could know what it says."""

    tag: ClassVar[str] = "letter:written"
    intervention_id: str
    reference: str
    title: str
    language: str
    known_by: str

    def sentence(self) -> str:
        """Return what staff read."""
        few = "" if self.known_by == "more" else ". The writer was warned that few suppliers could know what it says"
        return f"Letter {self.reference} written: {self.title}{few}"
