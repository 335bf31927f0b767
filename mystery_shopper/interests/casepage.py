"""What interests put on the case page: that it is open in an emergency, and the way to say that one has an interest."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, Panel, register_action, register_panel
from mystery_shopper.core.permissions import Permission


def register() -> None:
    """Register the panel and the action."""
    register_panel(_PANEL)
    register_action(_ACTION)


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    return {} if user.emergency_case_id == case.id else None


_PANEL = Panel(
    key="emergency",
    title="You opened this case in an emergency",
    order=1,
    permission=Permission.CASE_WORK,
    template="interests/panels/emergency.html",
    load=_load,
)
_ACTION = Action(
    label="Say that you have an interest",
    endpoint="interests.declare",
    order=85,
    permission=Permission.CASE_WORK,
    applies=lambda _case, _user: True,
)
