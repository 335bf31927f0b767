"""The life of a suggestion: received, routed to the body that imposes the rule, answered, published."""

from enum import StrEnum


class SuggestionState(StrEnum):
    """Where a suggestion stands. Values are stored and never renamed."""

    RECEIVED = "received"
    ROUTED = "routed"
    ANSWERED = "answered"
    PUBLISHED = "published"


S = SuggestionState

STEPS: dict[SuggestionState, frozenset[SuggestionState]] = {
    S.RECEIVED: frozenset({S.ROUTED, S.ANSWERED}),
    S.ROUTED: frozenset({S.ROUTED, S.ANSWERED}),
    S.ANSWERED: frozenset({S.ANSWERED, S.PUBLISHED}),
    S.PUBLISHED: frozenset(),
}
"""Routing and answering may be done again: the newest words stand, the audit log says when."""

LABELS: dict[SuggestionState, str] = {
    S.RECEIVED: "Received",
    S.ROUTED: "Passed on",
    S.ANSWERED: "Answered",
    S.PUBLISHED: "Published",
}

PUBLIC_SENTENCES: dict[SuggestionState, str] = {
    S.RECEIVED: "We have received it. Nobody has looked into it yet.",
    S.ROUTED: "We have passed it to the body that sets the rule, without saying where it came from.",
    S.ANSWERED: "We have answered.",
    S.PUBLISHED: "We have published what you told us and what was done about it.",
}


def can_step(old: SuggestionState, new: SuggestionState) -> bool:
    """Tell whether a suggestion may go from `old` to `new` in one step."""
    return new in STEPS[old]


def state_label(state: SuggestionState) -> str:
    """Return the state in words for a page."""
    return LABELS[state]
