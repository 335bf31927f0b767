"""What clocks put on the case page."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, Panel, register_action, register_panel
from mystery_shopper.cases.pausing import kinds_open_to
from mystery_shopper.clocks.queries import show_clocks
from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission


def register() -> None:
    """Register the panel and the actions."""
    register_panel(_PANEL)
    for action in _ACTIONS:
        register_action(action)


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    view = show_clocks(case, clock.today())
    has_something = view.clock or view.lasting or view.earlier or view.escalated_at or not view.is_sure
    return {"view": view, "case": case, "can_work": user.can(Permission.CASE_WORK)} if has_something else None


def _can_pause(case: Case, _user: StaffMember) -> bool:
    return bool(kinds_open_to(case.state, has_target=case.target_on is not None)) and case.paused_since is None


_PANEL = Panel(
    key="clocks",
    title="Clocks",
    order=15,
    permission=Permission.CASE_READ,
    template="clocks/panels/clocks.html",
    load=_load,
)
_ACTIONS = (
    Action(
        label="Stop the clock",
        endpoint="clocks.pause_case",
        order=65,
        permission=Permission.CASE_WORK,
        applies=_can_pause,
    ),
    Action(
        label="Let the clock go on",
        endpoint="clocks.resume_case",
        order=15,
        permission=Permission.CASE_WORK,
        applies=lambda case, _user: case.paused_since is not None,
    ),
)
