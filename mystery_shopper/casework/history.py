"""The timeline of a case filtered: by what kind of thing happened, who did it, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mystery_shopper.cases.timeline import TimelineItem
from mystery_shopper.core.clock import day_in_london


class Kind(StrEnum):
    """What kinds of things happen to a case."""

    STEPS = "steps"
    REPORTERS = "reporters"
    FACTS = "facts"
    AUTHORITY = "authority"
    TEAM = "team"
    OTHER = "other"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.STEPS: "Steps, owners and clocks",
    Kind.REPORTERS: "Reports, messages and evidence",
    Kind.FACTS: "Facts, notices and flags",
    Kind.AUTHORITY: "What was done and came of it",
    Kind.TEAM: "Notes, tasks and labels",
    Kind.OTHER: "Anything else",
}
_SUBJECTS: Mapping[str, Kind] = {
    "case": Kind.STEPS,
    "clock": Kind.STEPS,
    "report": Kind.REPORTERS,
    "message": Kind.REPORTERS,
    "details": Kind.REPORTERS,
    "questions": Kind.REPORTERS,
    "evidence": Kind.REPORTERS,
    "follow-up": Kind.REPORTERS,
    "fact": Kind.FACTS,
    "facts": Kind.FACTS,
    "flag": Kind.FACTS,
    "flags": Kind.FACTS,
    "notice": Kind.FACTS,
    "intervention": Kind.AUTHORITY,
    "recommendation": Kind.AUTHORITY,
    "outcome": Kind.AUTHORITY,
    "letter": Kind.AUTHORITY,
    "answer": Kind.AUTHORITY,
    "referral": Kind.AUTHORITY,
    "publication": Kind.AUTHORITY,
    "note": Kind.TEAM,
    "task": Kind.TEAM,
    "label": Kind.TEAM,
    "checklist": Kind.TEAM,
}
"""The kind of each subject: the first word of an event's tag. A subject that is not here is anything else."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of a timeline to show; empty means everything."""

    kind: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None


def kind_of(item: TimelineItem) -> Kind:
    """Return what kind of thing an item is."""
    return _SUBJECTS.get(item.tag.split(":")[0], Kind.OTHER)


def people_in(items: Iterable[TimelineItem]) -> list[str]:
    """Return who did something, each once, by name."""
    return sorted({item.by for item in items}, key=str.casefold)


def choose_items(items: Iterable[TimelineItem], wanted: Wanted) -> list[TimelineItem]:
    """Return the items that are wanted, in their order; the first and the last day are included."""
    return [item for item in items if _is_wanted(item, wanted)]


def _is_wanted(item: TimelineItem, wanted: Wanted) -> bool:
    day = day_in_london(item.at) if isinstance(item.at, datetime) else item.at
    return (
        (not wanted.kind or kind_of(item) == wanted.kind)
        and (not wanted.by or item.by == wanted.by)
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or day <= wanted.until)
    )
