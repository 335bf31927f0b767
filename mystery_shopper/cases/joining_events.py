"""What can happen between two cases: joined, apart again, split, linked. Reporters hear of none of it but the state.

Each is written on both cases; `kept` marks the case that goes on (of a split: the one the report left).
"""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent, state_for_reporter


@dataclass(frozen=True, kw_only=True)
class ReportMoved(CaseEvent):
    """A report came to this case from another; `state` is where this case stood."""

    tag: ClassVar[str] = "report:moved"
    report_id: str
    came_from: str
    state: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Report came here from {self.came_from}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads: where the report stands, never that there is another case."""
        return state_for_reporter(self.state)


@dataclass(frozen=True, kw_only=True)
class CasesJoined(CaseEvent):
    """Two cases became one."""

    tag: ClassVar[str] = "case:merged"
    other: str
    kept: bool
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        step = f"{self.other} joined to this case" if self.kept else f"Joined to {self.other}"
        return f"{step}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class JoinUndone(CaseEvent):
    """Two cases that had been joined are apart again."""

    tag: ClassVar[str] = "case:unmerged"
    other: str
    kept: bool
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"No longer joined with {self.other}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class ReportSplitOff(CaseEvent):
    """One report of a case got a case of its own."""

    tag: ClassVar[str] = "case:split"
    other: str
    kept: bool
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        step = f"A report was taken out into {self.other}" if self.kept else f"Taken out of {self.other}"
        return f"{step}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class CasesLinked(CaseEvent):
    """Staff noted that two cases have to do with each other."""

    tag: ClassVar[str] = "case:linked"
    other: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Linked with {self.other}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class CasesUnlinked(CaseEvent):
    """The link between two cases was taken away."""

    tag: ClassVar[str] = "case:unlinked"
    other: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"No longer linked with {self.other}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class SimilarDismissed(CaseEvent):
    """A caseworker found that a suggested case has nothing to do with this one."""

    tag: ClassVar[str] = "similar:dismissed"
    other: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Not similar to {self.other}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class SimilarRestored(CaseEvent):
    """A case that had been dismissed may be suggested again."""

    tag: ClassVar[str] = "similar:restored"
    other: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"{self.other} may be similar after all: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class PatternDecided(CaseEvent):
    """A senior caseworker decided what a repeat pattern of the authority leads to, seen from this case."""

    tag: ClassVar[str] = "pattern:decided"
    rule_id: str
    decision: str
    cases: int
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Repeat pattern on {self.rule_id} ({self.cases} upheld cases) {self.decision}: {self.reason}"
