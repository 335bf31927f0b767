"""What referrals put on the case page."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Origin
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.permissions import Permission
from mystery_shopper.guidance.queries import list_referrals
from mystery_shopper.guidance.referring import CONSENT_LABELS, RESULT_LABELS
from mystery_shopper.guidance.states import STATE_LABELS

NOT_REFERRED = frozenset({CaseState.WITHDRAWN, CaseState.JOINED})
COLOURS: Mapping[str, str] = {"asked": "yellow", "agreed": "blue", "made": "purple", "answered": "green"}


def register() -> None:
    """Register the panel and the action."""
    register_panel(
        Panel(
            key="referrals",
            title="Referrals",
            order=65,
            permission=Permission.CASE_READ,
            template="guidance/panels/referrals.html",
            load=load_referrals,
            part=Part.ACTION,
        )
    )
    register_action(
        Action(
            label="Refer the reporter to another body",
            endpoint="guidance.propose_referral",
            order=45,
            permission=Permission.CASE_WORK,
            applies=can_refer,
        )
    )


def can_refer(case: Case, _user: StaffMember) -> bool:
    """Tell whether there is a reporter who could be referred."""
    return case.state not in NOT_REFERRED and case.origin is not Origin.SPOT_CHECK


def load_referrals(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return the referrals of the case; nothing, and so no panel, before there is one."""
    found = list_referrals(case)
    if not found:
        return None
    return {
        "referrals": found,
        "several": len(list_reports(case)) > 1,
        "can_work": user.can(Permission.CASE_WORK),
        "labels": STATE_LABELS,
        "colours": COLOURS,
        "consent_labels": CONSENT_LABELS,
        "result_labels": RESULT_LABELS,
    }
