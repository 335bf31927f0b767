"""What requests put on the case page: a mark while somebody's data in it may only be kept."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Panel, register_panel
from mystery_shopper.core.permissions import Permission
from mystery_shopper.requests.queries import restrictions_on


def register() -> None:
    """Register the panel."""
    register_panel(_PANEL)


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    standing = restrictions_on(case)
    return {"requests": standing, "can_keep": user.can(Permission.RECORDS_KEEP)} if standing else None


_PANEL = Panel(
    key="restrictions",
    title="Data that may only be kept",
    order=3,
    permission=Permission.CASE_READ,
    template="requests/panels/restrictions.html",
    load=_load,
)
