"""The life of a case: its states, the steps between them, and who acts next. One table, enforced in one place."""

from collections.abc import Mapping
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. Values are stored and never renamed. Source: the scheme's published life-cycle."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGE = "triage"
    MORE_INFORMATION = "more-information"
    CLOSED_NO_REPLY = "closed-no-reply"
    OUT_OF_SCOPE = "out-of-scope"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    AUTHORITY_CONTACTED = "authority-contacted"
    FORMAL_NOTICE = "formal-notice"
    NON_COMPLIANT = "non-compliant"
    RESPONDED = "responded"
    ASSESSMENT = "assessment"
    INTERVENTION = "intervention"
    OUTCOME_RECORDED = "outcome-recorded"
    SUPPLIER_TOLD = "supplier-told"
    READY_TO_PUBLISH = "ready-to-publish"
    WITHHELD = "withheld"
    PUBLISHED = "published"
    FOLLOW_UP_DUE = "follow-up-due"
    IMPLEMENTED = "implemented"
    PARTLY_IMPLEMENTED = "partly-implemented"
    NOT_IMPLEMENTED = "not-implemented"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"


class WaitingFor(StrEnum):
    """Whose move it is."""

    US = "us"
    REPORTER = "reporter"
    AUTHORITY = "authority"
    NOBODY = "nobody"


S = CaseState

_STEPS: dict[CaseState, tuple[CaseState, ...]] = {
    S.RECEIVED: (S.ACKNOWLEDGED,),
    S.ACKNOWLEDGED: (S.TRIAGE,),
    S.TRIAGE: (S.ACCEPTED, S.MORE_INFORMATION, S.OUT_OF_SCOPE, S.REFERRED),
    S.MORE_INFORMATION: (S.TRIAGE, S.CLOSED_NO_REPLY),
    S.CLOSED_NO_REPLY: (S.REOPENED,),
    S.OUT_OF_SCOPE: (S.CLOSED,),
    S.REFERRED: (S.CLOSED,),
    S.ACCEPTED: (S.AUTHORITY_CONTACTED,),
    S.AUTHORITY_CONTACTED: (S.RESPONDED, S.FORMAL_NOTICE),
    S.FORMAL_NOTICE: (S.RESPONDED, S.NON_COMPLIANT),
    S.NON_COMPLIANT: (S.ASSESSMENT,),
    S.RESPONDED: (S.ASSESSMENT,),
    S.ASSESSMENT: (S.INTERVENTION, S.OUTCOME_RECORDED),
    S.INTERVENTION: (S.OUTCOME_RECORDED,),
    S.OUTCOME_RECORDED: (S.SUPPLIER_TOLD,),
    S.SUPPLIER_TOLD: (S.READY_TO_PUBLISH, S.WITHHELD),
    S.READY_TO_PUBLISH: (S.PUBLISHED, S.WITHHELD),
    S.WITHHELD: (S.FOLLOW_UP_DUE, S.CLOSED),
    S.PUBLISHED: (S.FOLLOW_UP_DUE, S.CLOSED),
    S.FOLLOW_UP_DUE: (S.IMPLEMENTED, S.PARTLY_IMPLEMENTED, S.NOT_IMPLEMENTED),
    S.IMPLEMENTED: (S.CLOSED,),
    S.PARTLY_IMPLEMENTED: (S.CLOSED,),
    S.NOT_IMPLEMENTED: (S.CLOSED,),
    S.CLOSED: (S.REOPENED,),
    S.REOPENED: (S.TRIAGE, S.ASSESSMENT),
    S.WITHDRAWN: (S.CLOSED,),
    S.JOINED: (S.RECEIVED, S.ACKNOWLEDGED, S.TRIAGE, S.MORE_INFORMATION, S.ACCEPTED),
}

JOINABLE = frozenset(_STEPS[S.JOINED])
"""States in which a case can be joined to another: the authority has not been contacted about it, so nobody outside
has been given its reference. A join that is undone takes it back to where it was."""

WITHDRAWABLE = frozenset(
    {
        S.RECEIVED,
        S.ACKNOWLEDGED,
        S.TRIAGE,
        S.MORE_INFORMATION,
        S.ACCEPTED,
        S.AUTHORITY_CONTACTED,
        S.FORMAL_NOTICE,
        S.NON_COMPLIANT,
        S.RESPONDED,
        S.ASSESSMENT,
        S.INTERVENTION,
        S.OUTCOME_RECORDED,
        S.SUPPLIER_TOLD,
        S.READY_TO_PUBLISH,
        S.REOPENED,
    }
)
"""States before publication, from which the reporter may withdraw."""

CLOSED_STATES = frozenset({S.CLOSED, S.CLOSED_NO_REPLY})
"""States with a day of closing."""

FINISHED = CLOSED_STATES | {S.JOINED}
"""States in which nothing more is due. A joined case goes on as part of the other."""

ENDED_EARLY = frozenset({S.OUT_OF_SCOPE, S.REFERRED, S.WITHDRAWN, S.MORE_INFORMATION})
"""States from which a case closes without an outcome or a result to publish: the state says what came of it."""

PUBLICATION_STATES = frozenset(
    {
        S.SUPPLIER_TOLD,
        S.READY_TO_PUBLISH,
        S.WITHHELD,
        S.PUBLISHED,
        S.FOLLOW_UP_DUE,
        S.IMPLEMENTED,
        S.PARTLY_IMPLEMENTED,
        S.NOT_IMPLEMENTED,
    }
)
"""States in which a publisher may see the case, to write or correct its published result."""

_WAITING: dict[CaseState, WaitingFor] = {
    S.MORE_INFORMATION: WaitingFor.REPORTER,
    S.AUTHORITY_CONTACTED: WaitingFor.AUTHORITY,
    S.FORMAL_NOTICE: WaitingFor.AUTHORITY,
    S.CLOSED: WaitingFor.NOBODY,
    S.CLOSED_NO_REPLY: WaitingFor.NOBODY,
    S.JOINED: WaitingFor.NOBODY,
}

_LABELS: Mapping[CaseState, str] = {
    S.MORE_INFORMATION: "More information needed",
    S.CLOSED_NO_REPLY: "Closed, no reply",
    S.NON_COMPLIANT: "Authority did not comply",
    S.RESPONDED: "Authority responded",
    S.SUPPLIER_TOLD: "Reporter told",
    S.NOT_IMPLEMENTED: "Not implemented",
    S.JOINED: "Joined to another case",
}


def steps_from(state: CaseState) -> tuple[CaseState, ...]:
    """Return the states that may follow `state`, the usual one first; withdrawal and joining last where open."""
    withdrawn = (S.WITHDRAWN,) if state in WITHDRAWABLE else ()
    joined = (S.JOINED,) if state in JOINABLE else ()
    return (*_STEPS[state], *withdrawn, *joined)


def can_move(old: CaseState, new: CaseState) -> bool:
    """Tell whether a case may go from `old` to `new` in one step."""
    return new in steps_from(old)


def waiting_for(state: CaseState) -> WaitingFor:
    """Return whose move it is in `state`."""
    return _WAITING.get(state, WaitingFor.US)


def state_label(state: CaseState) -> str:
    """Return the state in words for a page."""
    return _LABELS.get(state, state.value.replace("-", " ").capitalize())
