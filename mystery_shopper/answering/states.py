"""What somebody at the authority can ask for or send, and what became of it. Values are stored and never renamed."""

from enum import StrEnum

from mystery_shopper.core.languages import _


class RequestKind(StrEnum):
    """What came from the authority and waits for a caseworker."""

    CLARIFICATION = "clarification"
    MORE_TIME = "more-time"
    COLLEAGUE = "colleague"
    ANSWER = "answer"
    REPLY = "reply"


class Decision(StrEnum):
    """What a caseworker did with it."""

    ANSWERED = "answered"
    GRANTED = "granted"
    REFUSED = "refused"
    READ = "read"


class Access(StrEnum):
    """How the access of an officer stands."""

    INVITED = "invited"
    OPENED = "opened"
    EXPIRED = "expired"
    REVOKED = "revoked"


KIND_LABELS = {
    RequestKind.CLARIFICATION: "Asks what we mean",
    RequestKind.MORE_TIME: "Asks for more time",
    RequestKind.COLLEAGUE: "Names a colleague",
    RequestKind.ANSWER: "Sent the answer",
    RequestKind.REPLY: "Replied to the text we want to publish",
}
ACCESS_LABELS = {
    Access.INVITED: "Invited, not opened yet",
    Access.OPENED: "Opened",
    Access.EXPIRED: "Expired",
    Access.REVOKED: "Taken back",
}
OFFICER_KIND_LABELS = {
    RequestKind.CLARIFICATION: _("You asked what we mean"),
    RequestKind.MORE_TIME: _("You asked for more time"),
    RequestKind.COLLEAGUE: _("You named a colleague"),
    RequestKind.REPLY: _("You replied to the text we want to publish"),
}
"""The kinds as the officer reads them; the answer itself is shown by itself."""
OFFICER_DECISION_LABELS = {
    None: _("We have it and will reply here"),
    Decision.ANSWERED: _("Answered"),
    Decision.GRANTED: _("Agreed"),
    Decision.REFUSED: _("Not agreed"),
    Decision.READ: _("Read"),
}
DECISIONS = {
    RequestKind.CLARIFICATION: (Decision.ANSWERED,),
    RequestKind.MORE_TIME: (Decision.GRANTED, Decision.REFUSED),
    RequestKind.COLLEAGUE: (Decision.GRANTED, Decision.REFUSED),
    RequestKind.ANSWER: (Decision.READ,),
    RequestKind.REPLY: (Decision.READ,),
}
"""What may be done with each kind."""
AT_ONCE = frozenset({RequestKind.MORE_TIME, RequestKind.COLLEAGUE, RequestKind.CLARIFICATION})
"""Kinds that are over once the answer is sent."""
