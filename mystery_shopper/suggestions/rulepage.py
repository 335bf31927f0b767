"""What Tell us How shows on the page of a rule: the suggestions about it."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.panels import RulePanel, register_rule_panel
from mystery_shopper.core.permissions import Permission
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS
from mystery_shopper.suggestions.queries import about_rule, count_about_rule
from mystery_shopper.suggestions.states import COLOURS, state_label

PANEL_ORDER = 50


def register() -> None:
    """Put the suggestions on the page of a rule."""
    register_rule_panel(
        RulePanel(
            key="suggestions",
            order=PANEL_ORDER,
            permission=Permission.SUGGESTION_READ,
            template="suggestions/rule_panel.html",
            load=load_panel,
        )
    )


def load_panel(rule_id: str, _user: StaffMember) -> Mapping[str, Any]:
    """Return the newest suggestions about a rule, and how many there are in all."""
    return {
        "found": about_rule(rule_id),
        "count": count_about_rule(rule_id),
        "rule_id": rule_id,
        "state_label": state_label,
        "state_colours": COLOURS,
        "forced_by_labels": FORCED_BY_LABELS,
        "body_name": imposing_bodies().name_of,
    }
