"""What reading a text gives back, and the one call that reads it. Pure: no database, no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mystery_shopper.core.errors import DomainError
from mystery_shopper.facts.definitions import FactValue

MAX_TEXT = 100_000
"""Longest text that is read, in characters."""


class Confidence(StrEnum):
    """How plainly the text says it."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


class TextTooLongError(DomainError):
    """A text is longer than `MAX_TEXT`."""

    def __init__(self) -> None:
        super().__init__(f"The text must be {MAX_TEXT:,} characters or fewer")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value, or a fact, that was considered for the same words and not taken; `why` is in plain English."""

    fact_id: str
    value: FactValue
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact found in a text. `text[start:end] == quote`; the value is as the registry stores it (money in pence)."""

    fact_id: str
    value: FactValue
    start: int
    end: int
    quote: str
    confidence: Confidence
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one text, in the order of the text, at most one finding for a fact."""

    findings: tuple[Finding, ...]

    def values(self) -> dict[str, FactValue]:
        """Return the found facts by id."""
        return {finding.fact_id: finding.value for finding in self.findings}
