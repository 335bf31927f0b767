"""The life of a public text: the steps between its states, in one table."""

from enum import StrEnum


class PublicationState(StrEnum):
    """Where a version of the public text stands. Values are stored and never renamed."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting-approval"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


S = PublicationState

STEPS: dict[PublicationState, frozenset[PublicationState]] = {
    S.DRAFT: frozenset({S.AWAITING_APPROVAL, S.DROPPED}),
    S.AWAITING_APPROVAL: frozenset({S.APPROVED, S.DRAFT, S.DROPPED}),
    S.APPROVED: frozenset({S.PUBLISHED, S.DRAFT, S.DROPPED}),
    S.PUBLISHED: frozenset({S.SUPERSEDED, S.WITHDRAWN}),
    S.SUPERSEDED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DROPPED: frozenset(),
}

OPEN = (S.DRAFT, S.AWAITING_APPROVAL, S.APPROVED)
"""States of a version somebody still works on. A case has at most one such version."""

LABELS: dict[PublicationState, str] = {
    S.DRAFT: "Draft",
    S.AWAITING_APPROVAL: "Waiting for approval",
    S.APPROVED: "Approved",
    S.PUBLISHED: "Published",
    S.SUPERSEDED: "Replaced by a correction",
    S.WITHDRAWN: "Withdrawn",
    S.DROPPED: "Not published",
}


def can_step(old: PublicationState, new: PublicationState) -> bool:
    """Tell whether a version may go from `old` to `new` in one step."""
    return new in STEPS[old]


def state_label(state: PublicationState) -> str:
    """Return the state in words for a page."""
    return LABELS[state]
