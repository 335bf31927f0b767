"""What similarity puts on the case page: joined cases, where reporters differ, repeat patterns, similar cases."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.queries import find_join, list_joins
from mystery_shopper.cases.states import FINISHED, WITHDRAWABLE, CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission
from mystery_shopper.similarity import patterns, queries
from mystery_shopper.similarity.policy import Threshold, thresholds

PATTERNS_SHOWN = 5


def register() -> None:
    """Register panels and actions."""
    for panel in _PANELS:
        register_panel(panel)
    for action in _ACTIONS:
        register_action(action)


def load_together(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return what this case was joined with and what its reporters differ on; None when it stands alone."""
    part_of, joins = find_join(case), list_joins(case)
    if part_of is None and not joins:
        return None
    return {
        "part_of": part_of,
        "joins": joins,
        "differences": queries.differences(case),
        "can_work": user.can(Permission.CASE_WORK),
    }


def load_patterns(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return the repeat patterns of the authority; None when there is none, or the case goes on as part of another."""
    if case.state is CaseState.JOINED:
        return None
    found = patterns.sightings_of(case.authority_id, user, today=clock.today())
    if not found:
        return None
    return {
        "patterns": found,
        "shown": PATTERNS_SHOWN,
        "months": thresholds()[Threshold.REPEAT_MONTHS],
        "can_decide": user.can(Permission.CASE_ALLOCATE),
    }


def load_similar(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return the cases to look at beside this one, links and dismissed suggestions; None for a joined case."""
    if find_join(case) is not None:
        return None
    return {
        "suggestions": queries.suggestions(case, user, today=clock.today()),
        "relations": queries.relation_views(case, user),
        "can_work": user.can(Permission.CASE_WORK),
    }


def _can_undo(case: Case, _user: StaffMember) -> bool:
    return find_join(case) is not None or bool(list_joins(case))


def _can_split(case: Case, _user: StaffMember) -> bool:
    return case.state in WITHDRAWABLE and bool(list_joins(case))


_PANELS = tuple(
    Panel(
        key=key,
        title=title,
        order=order,
        permission=Permission.CASE_READ,
        template=f"similarity/panels/{key}.html",
        load=load,
        part=part,
        on_paper=key != "similar",
    )
    for key, title, order, part, load in (
        ("together", "Joined cases", 4, Part.OVERVIEW, load_together),
        ("patterns", "Repeat pattern", 6, Part.OVERVIEW, load_patterns),
        ("similar", "Similar reports", 80, Part.REPORTS, load_similar),
    )
)

_ACTIONS = (
    Action(
        label="Join it with another case",
        endpoint="similarity.join_case",
        order=83,
        permission=Permission.CASE_WORK,
        applies=lambda case, _user: case.state not in FINISHED,
    ),
    Action(
        label="Take joined cases apart",
        endpoint="similarity.undo_join",
        order=84,
        permission=Permission.CASE_WORK,
        applies=_can_undo,
    ),
    Action(
        label="Take one report out",
        endpoint="similarity.split_report",
        order=85,
        permission=Permission.CASE_WORK,
        applies=_can_split,
    ),
    Action(
        label="Link it with another case",
        endpoint="similarity.link_case",
        order=86,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
)
