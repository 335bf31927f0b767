"""What records put on the case page (holds that stand, and placing one) and on the desk (holds to review)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, DeskPanel, Panel, register_action, register_desk_panel, register_panel
from mystery_shopper.core.permissions import Permission
from mystery_shopper.holds.queries import count_to_review
from mystery_shopper.retention.queries import holds_on
from mystery_shopper.retention.showing import show_holds


def register() -> None:
    """Register the panels and the action."""
    register_panel(_PANEL)
    register_action(_ACTION)
    register_desk_panel(_DESK_PANEL)


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    standing = holds_on(case)
    if not standing:
        return None
    return {"holds": show_holds(standing, user), "can_keep": user.can(Permission.RECORDS_KEEP)}


def _load_desk(_user: StaffMember, today: date) -> Mapping[str, Any] | None:
    holds = count_to_review(today)
    return {"holds": holds} if holds else None


_DESK_PANEL = DeskPanel(
    key="holds", order=30, permission=Permission.RECORDS_KEEP, template="retention/_desk.html", load=_load_desk
)
_PANEL = Panel(
    key="holds",
    title="Legal hold",
    order=14,
    permission=Permission.CASE_READ,
    template="retention/panels/holds.html",
    load=_load,
)
_ACTION = Action(
    label="Place a legal hold",
    endpoint="retention.place_hold",
    order=90,
    permission=Permission.RECORDS_KEEP,
    applies=lambda _case, _user: True,
)
