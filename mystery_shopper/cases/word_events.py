"""Events of the list of words that must not leave a case. They name a row of it and no word."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class WordGuarded(CaseEvent):
    """Somebody put a word on the list."""

    tag: ClassVar[str] = "word:guarded"
    word_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "A word was put on the list of what must not leave this case"


@dataclass(frozen=True, kw_only=True)
class WordTakenOff(CaseEvent):
    """Somebody took a word off the list."""

    tag: ClassVar[str] = "word:taken-off"
    word_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "A word was taken off the list of what must not leave this case"
