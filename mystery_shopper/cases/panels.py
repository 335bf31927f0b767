"""How features show themselves on the case page and the desk without knowing one another.

A feature registers a panel: a template fragment, the permission it needs, and a function that loads what it shows.
The case page (casework) draws the panels it finds, in their order. A feature's next steps are actions, likewise.
The page of a rule (triage) draws the rule panels it finds, the desk (casework) the desk panels: what else waits for a
person, such as their tasks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.core.permissions import Permission


class Part(StrEnum):
    """The pages on which a case is shown, each of panels that are read together. The overview is the case page."""

    OVERVIEW = "overview"
    REPORTS = "reports"
    FACTS = "facts"
    ACTION = "action"
    TEAM = "team"


PART_TITLES: Mapping[Part, str] = {
    Part.OVERVIEW: "Overview",
    Part.REPORTS: "Reports and messages",
    Part.FACTS: "Facts and notices",
    Part.ACTION: "Action and result",
    Part.TEAM: "Team",
}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A piece of a page of a case. `template` gets `case` and what `load` returns; None from `load` hides the panel.

    A value in what `load` returns whose name begins with `can_` says what this person can do there: on paper, nothing.
    `on_paper` False: it helps to work and says nothing about the case, so it is not printed.
    """

    key: str
    title: str
    order: int
    permission: Permission
    template: str
    load: Callable[[Case, StaffMember], Mapping[str, Any] | None]
    part: Part = Part.OVERVIEW
    on_paper: bool = True


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


def panels_for(user: StaffMember, *parts: Part) -> list[Panel]:
    """Return the panels of some parts (none named: of all) this person may see, part by part, each in order."""
    seen = (one for one in _panels.values() if user.can(one.permission) and (not parts or one.part in parts))
    places = list(Part)
    return sorted(seen, key=lambda panel: (places.index(panel.part), panel.order))


def load_panels(case: Case, user: StaffMember, *parts: Part) -> list[tuple[Panel, Mapping[str, Any]]]:
    """Return the panels of some parts with what they show, without those that have nothing to show."""
    loaded = ((panel, panel.load(case, user)) for panel in panels_for(user, *parts))
    return [(panel, content) for panel, content in loaded if content is not None]


def parts_for(user: StaffMember) -> list[Part]:
    """Return the parts in which this person may see something, in order."""
    seen = {panel.part for panel in panels_for(user)}
    return [part for part in Part if part in seen]


def part_path(reference: str, part: Part) -> str:
    """Return the address of a part of a case."""
    return f"/cases/{reference}" if part is Part.OVERVIEW else f"/cases/{reference}/parts/{part}"


def panel_path(reference: str, key: str) -> str:
    """Return the address of a panel of a case: where a person goes back to after a step that shows there."""
    panel = _panels.get(key)
    return f"{part_path(reference, panel.part if panel else Part.OVERVIEW)}#{key}"


def actions_for(case: Case, user: StaffMember) -> list[Action]:
    """Return what this person can do with this case now, in order."""
    usable = (action for action in _actions.values() if user.can(action.permission) and action.applies(case, user))
    return sorted(usable, key=lambda action: action.order)
