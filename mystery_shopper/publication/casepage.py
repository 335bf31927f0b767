"""What publication shows on the case page, and the step it offers there."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.states import PUBLICATION_STATES
from mystery_shopper.core.permissions import Permission
from mystery_shopper.publication.queries import count_objections, find_result_of, list_versions
from mystery_shopper.publication.states import state_label

PANEL_ORDER = 75
ACTION_ORDER = 50


def register() -> None:
    """Put the panel and the action on the case page."""
    register_panel(
        Panel(
            key="publication",
            title="Publication",
            order=PANEL_ORDER,
            permission=Permission.PUBLICATION_READ,
            template="publication/panel.html",
            load=load_panel,
            part=Part.ACTION,
        )
    )
    register_action(
        Action(
            label="Publish the result",
            endpoint="publication.show_publication",
            order=ACTION_ORDER,
            permission=Permission.PUBLICATION_READ,
            applies=lambda case, _user: case.state in PUBLICATION_STATES,
        )
    )


def load_panel(case: Case, _user: StaffMember) -> Mapping[str, Any] | None:
    """Return the versions and the public row, None before the case is at that point."""
    versions = list_versions(case)
    if not versions and case.state not in PUBLICATION_STATES:
        return None
    return {
        "versions": versions,
        "result": find_result_of(case),
        "objections": count_objections(case),
        "state_label": state_label,
    }
