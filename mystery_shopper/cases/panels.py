"""How features show themselves on the case page and the desk without knowing one another.

A feature registers a panel: a template fragment, the permission it needs, and a function that loads what it shows.
The case page (casework) draws the panels it finds, in their order. A feature's next steps are actions, likewise.
The page of a rule (triage) draws the rule panels it finds, the desk (casework) the desk panels: what else waits for a
person, such as their tasks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.core.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One part of the case page. `template` gets `case` and what `load` returns; None from `load` hides the panel."""

    key: str
    title: str
    order: int
    permission: Permission
    template: str
    load: Callable[[Case, StaffMember], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Action:
    """A thing a person can do now: the words on the link and the endpoint (called with the case's reference)."""

    label: str
    endpoint: str
    order: int
    permission: Permission
    applies: Callable[[Case, StaffMember], bool]


@dataclass(frozen=True, kw_only=True)
class RulePanel:
    """One part of the page of a rule. `template` gets what `load` returns for the id of the rule."""

    key: str
    order: int
    permission: Permission
    template: str
    load: Callable[[str, StaffMember], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class DeskPanel:
    """One part of the desk, beside the cases.

    `template` gets, as `panel`, what `load` returns for a person and a day; None hides the panel. It must cost the same
    however many cases there are.
    """

    key: str
    order: int
    permission: Permission
    template: str
    load: Callable[[StaffMember, date], Mapping[str, Any] | None]


_panels: dict[str, Panel] = {}
_desk_panels: dict[str, DeskPanel] = {}
_rule_panels: dict[str, RulePanel] = {}
_actions: dict[str, Action] = {}


def register_panel(panel: Panel) -> None:
    """Put a panel on the case page; the same key again replaces it."""
    _panels[panel.key] = panel


def register_rule_panel(panel: RulePanel) -> None:
    """Put a panel on the page of every rule; the same key again replaces it."""
    _rule_panels[panel.key] = panel


def register_desk_panel(panel: DeskPanel) -> None:
    """Put a panel on the desk; the same key again replaces it."""
    _desk_panels[panel.key] = panel


def load_desk_panels(user: StaffMember, today: date) -> list[tuple[str, Mapping[str, Any]]]:
    """Return template and content of the panels that have something for this person on the desk, in order."""
    usable = sorted((one for one in _desk_panels.values() if user.can(one.permission)), key=lambda one: one.order)
    loaded = [(panel.template, panel.load(user, today)) for panel in usable]
    return [(template, content) for template, content in loaded if content is not None]


def load_rule_panels(rule_id: str, user: StaffMember) -> list[tuple[str, Mapping[str, Any]]]:
    """Return template and content of the panels this person may see on the page of a rule, in order."""
    usable = sorted((one for one in _rule_panels.values() if user.can(one.permission)), key=lambda one: one.order)
    return [(panel.template, panel.load(rule_id, user)) for panel in usable]


def register_action(action: Action) -> None:
    """Offer an action on the case page; the same endpoint and label again replaces it."""
    _actions[f"{action.endpoint}:{action.label}"] = action


def panels_for(user: StaffMember) -> list[Panel]:
    """Return the panels this person may see, in order."""
    return sorted((panel for panel in _panels.values() if user.can(panel.permission)), key=lambda panel: panel.order)


def actions_for(case: Case, user: StaffMember) -> list[Action]:
    """Return what this person can do with this case now, in order."""
    usable = (action for action in _actions.values() if user.can(action.permission) and action.applies(case, user))
    return sorted(usable, key=lambda action: action.order)
