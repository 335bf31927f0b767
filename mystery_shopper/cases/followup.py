"""What a reporter tells us after the end: whether the practice changed, and how satisfied they are with us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.cases.walls import events_known_to
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _

STILL_GOING = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.ACKNOWLEDGED,
        CaseState.TRIAGE,
        CaseState.MORE_INFORMATION,
        CaseState.ACCEPTED,
        CaseState.AUTHORITY_CONTACTED,
        CaseState.FORMAL_NOTICE,
        CaseState.NON_COMPLIANT,
        CaseState.RESPONDED,
        CaseState.ASSESSMENT,
        CaseState.INTERVENTION,
        CaseState.OUTCOME_RECORDED,
        CaseState.REOPENED,
        CaseState.WITHDRAWN,
        CaseState.JOINED,
    }
)
"""States in which the reporter has not been told an end."""


class PracticeChanged(StrEnum):
    """Whether the authority buys differently now."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_KNOWN = "not-known"


CHANGED_WORDS = {
    PracticeChanged.YES: "the practice changed",
    PracticeChanged.PARTLY: "the practice changed in part",
    PracticeChanged.NO: "the practice did not change",
    PracticeChanged.NOT_KNOWN: "they do not know whether the practice changed",
}


@dataclass(frozen=True, kw_only=True)
class FollowUpGiven(CaseEvent):
    """A reporter answered the questions at the end. `satisfied` is 1 (not at all) to 5 (very), 0 when not answered."""

    tag: ClassVar[str] = "follow-up:given"
    report_id: str
    changed: str
    satisfied: int
    words: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        known = {kind.value: words for kind, words in CHANGED_WORDS.items()}
        parts = [f"The reporter says: {known.get(self.changed, 'nothing about the practice')}"]
        parts += [f"satisfied {self.satisfied} of 5"] if self.satisfied else []
        parts += [f"“{self.words}”"] if self.words else []
        return "; ".join(parts)

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("You told us what came of it.")


def can_follow_up(report: Report) -> bool:
    """Tell whether a report has come to an end its reporter knows of."""
    return report.withdrawn_on is None and get_case_of(report).state not in STILL_GOING


def last_follow_up(report: Report) -> FollowUpGiven | None:
    """Return what the reporter said last, None when they have not."""
    said = None
    for known in events_known_to(report):
        if known.row.tag == FollowUpGiven.tag:
            event = known.row.to_event(known.case.data_key)
            if isinstance(event, FollowUpGiven) and event.report_id == str(report.id):
                said = event
    return said


def take_follow_up(
    case: Case, report: Report, changed: PracticeChanged | None, satisfied: int, words: str, *, now: datetime
) -> None:
    """Record what a reporter says at the end; the same again is no news."""
    event = FollowUpGiven(
        report_id=str(report.id), changed=changed.value if changed else "", satisfied=satisfied, words=words
    )
    if event != last_follow_up(report):
        record(case, event, actor=REPORTER, now=now)
