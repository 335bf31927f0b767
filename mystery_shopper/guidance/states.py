"""The states of a referral and the steps between them. Nothing can be passed on before the reporter has agreed."""

from collections.abc import Mapping
from enum import StrEnum

from mystery_shopper.core.languages import _


class ReferralState(StrEnum):
    """Where a referral stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    MADE = "made"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


STEPS: Mapping[ReferralState, frozenset[ReferralState]] = {
    ReferralState.ASKED: frozenset({ReferralState.AGREED, ReferralState.DECLINED, ReferralState.WITHDRAWN}),
    ReferralState.AGREED: frozenset({ReferralState.MADE, ReferralState.WITHDRAWN}),
    ReferralState.DECLINED: frozenset(),
    ReferralState.MADE: frozenset({ReferralState.MADE, ReferralState.ANSWERED, ReferralState.WITHDRAWN}),
    ReferralState.ANSWERED: frozenset({ReferralState.ANSWERED}),
    ReferralState.WITHDRAWN: frozenset(),
}
"""A state that leads to itself can be recorded again, to correct what was recorded."""

STATE_LABELS: Mapping[ReferralState, str] = {
    ReferralState.ASKED: "Waiting for the reporter",
    ReferralState.AGREED: "Agreed, not made yet",
    ReferralState.DECLINED: "The reporter said no",
    ReferralState.MADE: "Made",
    ReferralState.ANSWERED: "Result recorded",
    ReferralState.WITHDRAWN: "Withdrawn",
}
REPORTER_LABELS: Mapping[ReferralState, str] = {
    ReferralState.ASKED: _("We need your answer"),
    ReferralState.AGREED: _("You agreed. We have not sent anything yet"),
    ReferralState.DECLINED: _("You said no. Nothing was sent"),
    ReferralState.MADE: _("We have sent it"),
    ReferralState.ANSWERED: _("We know the result"),
    ReferralState.WITHDRAWN: _("Stopped"),
}
CONSENTED = frozenset({ReferralState.AGREED, ReferralState.MADE, ReferralState.ANSWERED})
"""States that cannot be reached without the reporter's consent; the database holds the same rule."""
OPEN = frozenset({ReferralState.ASKED, ReferralState.AGREED, ReferralState.MADE})


def can_step(old: ReferralState, new: ReferralState) -> bool:
    """Tell whether a referral may go from one state to another."""
    return new in STEPS[old]
