"""What triage puts on the case page: the flags."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Panel, register_panel
from mystery_shopper.core.permissions import Permission
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.triage.queries import flag_views


def register() -> None:
    """Register the panel of flags."""
    register_panel(
        Panel(
            key="flags",
            title="Flags",
            order=10,
            permission=Permission.CASE_READ,
            template="triage/panels/flags.html",
            load=load_flags,
        )
    )


def load_flags(case: Case, user: StaffMember) -> Mapping[str, Any]:
    """Return the flags in force by outcome, and what a result is not."""
    return {
        "flags": flag_views(case),
        "notice": catalogue().wording.notice,
        "can_decide": user.can(Permission.FLAG_OVERRULE),
    }
