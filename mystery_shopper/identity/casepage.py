"""What the case page says of who reported: how they want to be known, and the way to a look."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Panel, Part, register_panel
from mystery_shopper.core.permissions import Permission
from mystery_shopper.identity.queries import list_reporters
from mystery_shopper.identity.services import why_closed


def register() -> None:
    """Register the panel."""
    register_panel(_PANEL)


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    reporters = list_reporters(case)
    return {"reporters": reporters, "case": case, "can_look": not why_closed(case, user)} if reporters else None


_PANEL = Panel(
    key="identity",
    title="Who reported",
    order=85,
    permission=Permission.IDENTITY_REVEAL,
    template="identity/panels/identity.html",
    part=Part.REPORTS,
    load=_load,
)
