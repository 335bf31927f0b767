"""What a reporter tells us after the end: whether the practice changed, and how satisfied they are with us."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.models import Case, CaseEventRecord, FeedbackQuestion, FeedbackTally, Report
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.cases.walls import events_known_to
from mystery_shopper.core.calendar import financial_year
from mystery_shopper.core.db import day_of, db
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


@dataclass(frozen=True, kw_only=True)
class FollowUpAsked(CaseEvent):
    """Some months after the end, the reporters were asked whether the practice changed."""

    tag: ClassVar[str] = "follow-up:asked"

    def sentence(self) -> str:
        """Return what staff read."""
        return "The reporter was asked whether the practice changed"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("Some months have passed. Please tell us if the practice changed.")


def can_follow_up(report: Report) -> bool:
    """Tell whether a report has come to an end its reporter knows of."""
    return report.withdrawn_on is None and get_case_of(report).state not in STILL_GOING


def last_follow_up(report: Report) -> FollowUpGiven | None:
    """Return what the reporter said last, None when they have not."""
    said = _said_by(report)
    return said[-1][1] if said else None


def is_asked_again(report: Report) -> bool:
    """Tell whether a reporter was asked some months after the end, and has said nothing since."""
    asked = [known.row.sequence for known in events_known_to(report) if known.row.tag == FollowUpAsked.tag]
    if not asked or not can_follow_up(report):
        return False
    return not any(row.sequence > asked[-1] for row, _ in _said_by(report))


def _said_by(report: Report) -> list[tuple[CaseEventRecord, FollowUpGiven]]:
    """Return what a reporter said at the end, oldest first: their answers, and the rows these stand in."""
    rows = [known for known in events_known_to(report) if known.row.tag == FollowUpGiven.tag]
    events = [(known.row, known.row.to_event(known.case.data_key)) for known in rows]
    return [
        (row, event) for row, event in events if isinstance(event, FollowUpGiven) and event.report_id == str(report.id)
    ]


def take_follow_up(
    case: Case, report: Report, changed: PracticeChanged | None, satisfied: int, words: str, *, now: datetime
) -> None:
    """Record what a reporter says at the end, and count it without them; the same again is no news."""
    event = FollowUpGiven(
        report_id=str(report.id), changed=changed.value if changed else "", satisfied=satisfied, words=words
    )
    said = _said_by(report)
    if said and said[-1][1] == event:
        return
    record(case, event, actor=REPORTER, now=now)
    if said:
        row, before = said[-1]
        _count(before, day_of(row.happened_at), -1)
    _count(event, day_of(now), 1)


def _count(event: FollowUpGiven, day: date, number: int) -> None:
    """Count the answers of an event, or take them back. `record` has locked others out until the commit."""
    answers = {
        FeedbackQuestion.SATISFIED: str(event.satisfied) if event.satisfied else "",
        FeedbackQuestion.CHANGED: event.changed,
    }
    for question, answer in answers.items():
        if answer:
            key = {"year": financial_year(day), "question": question, "answer": answer}
            tally = db.session.get(FeedbackTally, key, populate_existing=True)
            if tally is None:
                tally = FeedbackTally(**key, count=0)
                db.session.add(tally)
            tally.count = max(0, tally.count + number)
    db.session.flush()
