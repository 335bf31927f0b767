"""Decisions about the desk and the list, pure: filters, what is soon, which steps a caseworker takes by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.cases.states import FINISHED, CaseState, WaitingFor, steps_from
from mystery_shopper.core.tables import read_numbers

FIGURES_FILE = "casework/data/figures.csv"
TENDER_SOON_WORKING_DAYS = 10
"""Working days within which a tender "closes soon" on the desk: project assumption, as in the routing table."""

TAKEN_ELSEWHERE = frozenset({CaseState.PUBLISHED, CaseState.WITHHELD, CaseState.JOINED})
"""Steps with pages of their own: those of publication need a second person, joining needs the other case."""

NEEDS_REASON = frozenset(
    {CaseState.OUT_OF_SCOPE, CaseState.REFERRED, CaseState.WITHDRAWN, CaseState.REOPENED, CaseState.NON_COMPLIANT}
)
"""Steps that somebody will ask about later."""


class StateFilter(StrEnum):
    """The state filter beside the states themselves."""

    OPEN = "open"
    ALL = "all"


class OwnerFilter(StrEnum):
    """The owner filter beside the people themselves."""

    ME = "me"
    NOBODY = "nobody"


class ReporterFilter(StrEnum):
    """The reporter filter beside the kinds themselves."""

    MUTUALS = "mutuals"


class Sort(StrEnum):
    """The order of the list."""

    DUE = "due"
    RECEIVED = "received"


class Column(StrEnum):
    """What a list or a file of cases can show of each; the case itself always stands first."""

    FLAGS = "flags"
    DUE = "due"
    STATE = "state"
    LABELS = "labels"
    PRIORITY = "priority"
    WAITING = "waiting"
    QUEUE = "queue"
    RECEIVED = "received"
    TENDER = "tender"
    TARGET = "target"
    REGIME = "regime"


USUAL_COLUMNS = (Column.FLAGS, Column.DUE, Column.STATE)
COLUMN_WORDS: Mapping[Column, str] = {
    Column.FLAGS: "Flags",
    Column.DUE: "Due",
    Column.STATE: "State",
    Column.LABELS: "Labels",
    Column.PRIORITY: "Priority",
    Column.WAITING: "Waiting for",
    Column.QUEUE: "Queue",
    Column.RECEIVED: "Received",
    Column.TENDER: "Tender closes",
    Column.TARGET: "Target",
    Column.REGIME: "Law",
}


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What the list shows. Empty means: no filter of that kind.

    `owner` is a value of OwnerFilter or a user's id. Every one of the facts `fact` must be in force on the case.
    """

    state: str = StateFilter.OPEN
    queue: str = ""
    priority: str = ""
    owner: str = ""
    authority: str = ""
    rule: str = ""
    label: str = ""
    fact: tuple[str, ...] = ()
    reporter: str = ""
    channel: str = ""
    regime: str = ""
    origin: str = ""
    severity: str = ""
    waiting: str = ""
    received_from: date | None = None
    received_to: date | None = None
    due_before: date | None = None
    tender_before: date | None = None
    q: str = ""
    sort: str = Sort.DUE


SEVERITIES: Mapping[str, str] = {"5": "Gravest only", "4": "Grave or worse", "3": "Medium or worse"}
"""The least severity of a raised flag, as the filter offers it; rules have 1 to 5."""

STEP_WORDS: Mapping[CaseState, tuple[str, str]] = {
    CaseState.ACKNOWLEDGED: ("Acknowledge the report", "The reporter sees that somebody has read it."),
    CaseState.TRIAGE: ("Start deciding what to do", "You check the scope, the facts and the flags."),
    CaseState.MORE_INFORMATION: ("Ask the reporter for more", "Send your questions as a message first."),
    CaseState.CLOSED_NO_REPLY: ("Close: no reply", "The reporter did not answer in the time given."),
    CaseState.OUT_OF_SCOPE: ("Out of scope", "Tell the reporter in a message where they can go instead."),
    CaseState.REFERRED: ("Refer to another body", "Tell the reporter in a message which body it is."),
    CaseState.ACCEPTED: ("Accept the case", "We will look into it."),
    CaseState.AUTHORITY_CONTACTED: (
        "Authority contacted",
        "Better: record the intervention, which does this too.",
    ),
    CaseState.RESPONDED: ("The authority responded", ""),
    CaseState.FORMAL_NOTICE: ("Formal notice given", "Better: record the notice, which sets the due date too."),
    CaseState.NON_COMPLIANT: ("The authority did not comply", "The statutory period ended without an answer."),
    CaseState.ASSESSMENT: ("Weigh what we were told", ""),
    CaseState.INTERVENTION: ("Intervene with the authority", ""),
    CaseState.OUTCOME_RECORDED: ("Outcome recorded", "Better: record the outcome, which does this too."),
    CaseState.SUPPLIER_TOLD: ("The reporter has been told", "Send the result as a message first."),
    CaseState.READY_TO_PUBLISH: ("Ready to publish", "A publisher writes the public text; another person approves it."),
    CaseState.FOLLOW_UP_DUE: ("Follow up later", "A recommendation was made: check whether it was carried out."),
    CaseState.IMPLEMENTED: ("The authority did it", ""),
    CaseState.PARTLY_IMPLEMENTED: ("The authority did part of it", ""),
    CaseState.NOT_IMPLEMENTED: ("The authority did not do it", ""),
    CaseState.CLOSED: ("Close the case", "Look at the checklist first."),
    CaseState.REOPENED: ("Open the case again", "Only when new facts have come."),
    CaseState.WITHDRAWN: (
        "Withdrawn by the reporter",
        "Only when the reporter asked. Nothing will be published.",
    ),
}

WAITING_WORDS: Mapping[WaitingFor, str] = {
    WaitingFor.US: "Us",
    WaitingFor.REPORTER: "The reporter",
    WaitingFor.AUTHORITY: "The authority",
    WaitingFor.NOBODY: "Nobody",
}

NEXT_WORDS: Mapping[WaitingFor, str] = {
    WaitingFor.US: "It is our turn.",
    WaitingFor.REPORTER: "We wait for the reporter.",
    WaitingFor.AUTHORITY: "We wait for the authority.",
    WaitingFor.NOBODY: "Nobody has to act.",
}

SCOPE_WORDS: Mapping[str, str] = {
    "in": "In scope",
    "check": "To be checked",
    "out": "Out of scope",
}

DUE_WORDS: Mapping[str, str] = {
    "tender": "the tender closes",
    "statutory": "set by law",
    "step": "for this step",
    "pause": "the clock stands still until then",
    "target": "target for the outcome",
}


def manual_steps(state: CaseState) -> tuple[CaseState, ...]:
    """Return the states a caseworker may move a case to by hand, the usual one first."""
    if state is CaseState.JOINED:
        return ()
    return tuple(step for step in steps_from(state) if step not in TAKEN_ELSEWHERE)


def state_colour(state: CaseState) -> str:
    """Return the colour of a state's tag; the words carry the meaning."""
    if state in FINISHED:
        return "grey"
    if state in (CaseState.RECEIVED, CaseState.REOPENED):
        return "blue"
    if state in (CaseState.MORE_INFORMATION, CaseState.AUTHORITY_CONTACTED, CaseState.FORMAL_NOTICE):
        return "yellow"
    if state in (CaseState.NON_COMPLIANT, CaseState.NOT_IMPLEMENTED):
        return "red"
    if state in (CaseState.PUBLISHED, CaseState.IMPLEMENTED, CaseState.OUTCOME_RECORDED):
        return "green"
    return "purple"


class Figure(StrEnum):
    """Each figure by its name in the file; units stand there."""

    BULK_CASES = "bulk-cases"
    BULK_UNDO = "bulk-undo"
    EXPORT_CASES = "export-cases"
    VIEWS_OWN = "views-own"
    VIEWS_SHARED = "views-shared"
    NEW_COUNTED = "new-counted"


@cache
def figures() -> Mapping[Figure, int]:
    """Return the figures, each a whole number above zero in the unit its line names.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    return read_numbers(FIGURES_FILE, Figure)


def undo_until(done_at: datetime) -> datetime:
    """Return until when what was done to several cases can be taken back."""
    return done_at + timedelta(minutes=figures()[Figure.BULK_UNDO])
