"""The life of a request for information, of one about personal data, and of a data protection complaint."""

from enum import StrEnum


class RequestKind(StrEnum):
    """Which register; data/kinds.csv says what each is like. Values are stored and never renamed."""

    FOI = "foi"
    SUBJECT_ACCESS = "subject-access"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


class RequestState(StrEnum):
    """Where a request stands. `clarifying`: the requester was asked and has not answered."""

    OPEN = "open"
    CLARIFYING = "clarifying"
    ANSWERED = "answered"
    REVIEW = "review"


class Decision(StrEnum):
    """How a request was answered."""

    GIVEN = "given"
    GIVEN_IN_PART = "given-in-part"
    REFUSED = "refused"
    NOTHING_HELD = "nothing-held"
    WITHDRAWN = "withdrawn"


class Requester(StrEnum):
    """Whose data a request is about: somebody who reported, or somebody a report names."""

    REPORTER = "reporter"
    NAMED_PERSON = "named-person"


STATE_LABELS = {
    RequestState.OPEN: "Open",
    RequestState.CLARIFYING: "Waiting for the requester",
    RequestState.ANSWERED: "Answered",
    RequestState.REVIEW: "Internal review",
}
REQUESTER_LABELS = {
    Requester.REPORTER: "Somebody who sent a report",
    Requester.NAMED_PERSON: "Somebody who may be named in a report or a case",
}
RUNNING = frozenset({RequestState.OPEN, RequestState.REVIEW})
"""States in which a clock runs."""
