"""The life of a request for information."""

from enum import StrEnum


class RequestKind(StrEnum):
    """Which register. Values are stored and never renamed."""

    FOI = "foi"
    SUBJECT_ACCESS = "subject-access"


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
    """Whose data a subject access request is about: somebody who reported, or somebody a report names."""

    REPORTER = "reporter"
    NAMED_PERSON = "named-person"


KIND_LABELS = {RequestKind.FOI: "Freedom of information", RequestKind.SUBJECT_ACCESS: "Subject access"}
KIND_PREFIXES = {RequestKind.FOI: "FOI", RequestKind.SUBJECT_ACCESS: "SAR"}
STATE_LABELS = {
    RequestState.OPEN: "Open",
    RequestState.CLARIFYING: "Waiting for the requester",
    RequestState.ANSWERED: "Answered",
    RequestState.REVIEW: "Internal review",
}
DECISION_LABELS = {
    Decision.GIVEN: "Everything was given",
    Decision.GIVEN_IN_PART: "Some was given, some withheld",
    Decision.REFUSED: "Refused",
    Decision.NOTHING_HELD: "Nothing is held",
    Decision.WITHDRAWN: "The requester withdrew it",
}
REQUESTER_LABELS = {
    Requester.REPORTER: "Somebody who sent a report",
    Requester.NAMED_PERSON: "Somebody who may be named in a report or a case",
}
RUNNING = frozenset({RequestState.OPEN, RequestState.REVIEW})
"""States in which a clock runs."""
