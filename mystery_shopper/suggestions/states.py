"""The lives of a suggestion and of the text that is published about it: each in one table of steps."""

from enum import StrEnum

from mystery_shopper.core.languages import _


class SuggestionState(StrEnum):
    """Where a suggestion stands. Values are stored and never renamed."""

    RECEIVED = "received"
    ROUTED = "routed"
    ANSWERED = "answered"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = SuggestionState

STEPS: dict[SuggestionState, frozenset[SuggestionState]] = {
    S.RECEIVED: frozenset({S.ROUTED, S.ANSWERED, S.CLOSED, S.WITHDRAWN}),
    S.ROUTED: frozenset({S.ROUTED, S.ANSWERED, S.CLOSED, S.WITHDRAWN}),
    S.ANSWERED: frozenset({S.ROUTED, S.ANSWERED, S.PUBLISHED, S.CLOSED, S.WITHDRAWN}),
    S.PUBLISHED: frozenset({S.PUBLISHED, S.ANSWERED}),
    S.CLOSED: frozenset({S.RECEIVED}),
    S.WITHDRAWN: frozenset(),
}
"""Routing and answering may be done again: the newest words stand, the events keep the others.

A published suggestion is answered again without leaving that state, and goes back to answered when what was published
is withdrawn. A closed one is reopened as received. The commissioner takes it back as long as nothing is
published of it; after that they object, and a person withdraws or corrects what is public.
"""

WITHDRAWABLE = frozenset(state for state, steps in STEPS.items() if S.WITHDRAWN in steps)

LABELS: dict[SuggestionState, str] = {
    S.RECEIVED: _("Received"),
    S.ROUTED: _("Passed on"),
    S.ANSWERED: _("Answered"),
    S.PUBLISHED: _("Published"),
    S.CLOSED: _("Closed without action"),
    S.WITHDRAWN: _("Withdrawn"),
}

COLOURS: dict[SuggestionState, str] = {
    S.RECEIVED: "yellow",
    S.ROUTED: "blue",
    S.ANSWERED: "green",
    S.PUBLISHED: "teal",
    S.CLOSED: "grey",
    S.WITHDRAWN: "grey",
}

PUBLIC_SENTENCES: dict[SuggestionState, str] = {
    S.RECEIVED: _("We have received it. Nobody has taken it up yet."),
    S.ROUTED: _("We have passed it to the body that sets the rule, without saying where it came from."),
    S.ANSWERED: _("We have answered."),
    S.PUBLISHED: _("We have published what we heard and what was done about it."),
    S.CLOSED: _("We have closed it without taking it up. We say why below."),
    S.WITHDRAWN: _("You took it back. We have stopped working on it and publish nothing about it."),
}


def can_step(old: SuggestionState, new: SuggestionState) -> bool:
    """Tell whether a suggestion may go from `old` to `new` in one step."""
    return new in STEPS[old]


def state_label(state: SuggestionState) -> str:
    """Return the state in words for a page."""
    return LABELS[state]


class TextState(StrEnum):
    """Where the public text about a suggestion stands. Values are stored and never renamed."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting-approval"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


T = TextState

TEXT_STEPS: dict[TextState, frozenset[TextState]] = {
    T.DRAFT: frozenset({T.AWAITING_APPROVAL, T.WITHDRAWN}),
    T.AWAITING_APPROVAL: frozenset({T.DRAFT, T.PUBLISHED, T.WITHDRAWN}),
    T.PUBLISHED: frozenset({T.DRAFT, T.WITHDRAWN}),
    T.WITHDRAWN: frozenset({T.DRAFT}),
}
"""A published text that becomes a draft is being corrected: the public reads the old words until the new are approved.

What is published can be withdrawn whatever is being done with its text.
"""

TEXT_LABELS: dict[TextState, str] = {
    T.DRAFT: "Draft",
    T.AWAITING_APPROVAL: "Waiting for approval",
    T.PUBLISHED: "Published",
    T.WITHDRAWN: "Withdrawn",
}


def can_text_step(old: TextState, new: TextState) -> bool:
    """Tell whether a public text may go from `old` to `new` in one step."""
    return new in TEXT_STEPS[old]
