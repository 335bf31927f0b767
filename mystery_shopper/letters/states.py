"""The life of a letter: the steps between its states, in one table."""

from enum import StrEnum


class LetterState(StrEnum):
    """Where a letter stands. Values are stored and never renamed."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting-approval"
    APPROVED = "approved"
    SENT = "sent"
    DROPPED = "dropped"


S = LetterState

STEPS: dict[LetterState, frozenset[LetterState]] = {
    S.DRAFT: frozenset({S.AWAITING_APPROVAL, S.DROPPED}),
    S.AWAITING_APPROVAL: frozenset({S.APPROVED, S.DRAFT, S.DROPPED}),
    S.APPROVED: frozenset({S.SENT, S.DRAFT, S.DROPPED}),
    S.SENT: frozenset(),
    S.DROPPED: frozenset(),
}
OPEN = (S.DRAFT, S.AWAITING_APPROVAL, S.APPROVED)
"""States of a letter that has not gone yet."""

LABELS: dict[LetterState, str] = {
    S.DRAFT: "Draft",
    S.AWAITING_APPROVAL: "Waiting for approval",
    S.APPROVED: "Approved, not sent",
    S.SENT: "Sent",
    S.DROPPED: "Not sent",
}
COLOURS: dict[LetterState, str] = {
    S.DRAFT: "grey",
    S.AWAITING_APPROVAL: "yellow",
    S.APPROVED: "teal",
    S.SENT: "green",
    S.DROPPED: "grey",
}


def can_step(old: LetterState, new: LetterState) -> bool:
    """Tell whether a letter may go from `old` to `new` in one step."""
    return new in STEPS[old]
