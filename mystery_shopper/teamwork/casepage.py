"""What working together puts on the case page and the desk, and its points of the closing checklist."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.closure import ClosureCheck, register_check, standing_of
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import (
    Action,
    DeskPanel,
    Panel,
    Part,
    register_action,
    register_desk_panel,
    register_panel,
)
from mystery_shopper.cases.states import ENDED_EARLY, CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.permissions import Permission
from mystery_shopper.teamwork.queries.desk import load_team_desk
from mystery_shopper.teamwork.queries.tasks import list_tasks, open_tasks
from mystery_shopper.teamwork.queries.ticks import ListView, show_checklists


def register() -> None:
    """Register the panels, the actions and the closure checks."""
    for panel in _PANELS:
        register_panel(panel)
    for action in _ACTIONS:
        register_action(action)
    register_desk_panel(
        DeskPanel(
            key="team", order=10, permission=Permission.CASE_READ, template="teamwork/_desk.html", load=_load_desk
        )
    )
    register_check(
        ClosureCheck(
            "tasks-settled",
            "Tasks are done or cancelled",
            50,
            lambda case: standing_of(tasks_left(case)),
            tasks_left,
            place="/parts/team#tasks",
        )
    )
    register_check(
        ClosureCheck(
            "checklists-done",
            "Checklists are done",
            60,
            lambda case: standing_of(points_left(case)),
            points_left,
            place=place_of_points,
        )
    )


def tasks_left(case: Case) -> Sequence[str]:
    """Return the open tasks of a case in words."""
    return [f"{view.title}, due {format_day(view.row.due_on)}" for view in open_tasks(case, clock.today())]


def points_left(case: Case) -> Sequence[str]:
    """Return the open points of its checklists that stand against closing a case."""
    return [words for view in _lists_for_closing(case) for words in view.open_before_closing]


def place_of_points(case: Case) -> str:
    """Return where the open points are ticked: the one checklist that has some, or all of them."""
    unfinished = [view.checklist.id for view in _lists_for_closing(case) if view.open_before_closing]
    return f"/checklists/{unfinished[0]}?then=move" if len(unfinished) == 1 else "/parts/team#checklists"


def _lists_for_closing(case: Case) -> list[ListView]:
    lists = show_checklists(case)
    return [view for view in lists if not (case.state in ENDED_EARLY and view.checklist.only_with_result)]


def _load_desk(user: StaffMember, today: date) -> Mapping[str, Any]:
    return {"team": load_team_desk(user, today)}


def _load_tasks(case: Case, user: StaffMember) -> Mapping[str, Any]:
    tasks = list_tasks(case, clock.today())
    return {"tasks": tasks, "can_work": user.can(Permission.CASE_WORK), "can_add": case.state is not CaseState.JOINED}


def _load_checklists(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    lists = show_checklists(case)
    return {"lists": lists, "can_work": user.can(Permission.CASE_WORK)} if lists else None


_PANELS = (
    Panel(
        key="tasks",
        title="Tasks",
        order=17,
        permission=Permission.CASE_READ,
        template="teamwork/panels/tasks.html",
        load=_load_tasks,
    ),
    Panel(
        key="checklists",
        title="Checklists",
        order=85,
        permission=Permission.CASE_READ,
        template="teamwork/panels/checklists.html",
        load=_load_checklists,
        part=Part.TEAM,
    ),
)
_ACTIONS = (
    Action(
        label="Add a task",
        endpoint="teamwork.make_task",
        order=66,
        permission=Permission.CASE_WORK,
        applies=lambda case, _user: case.state is not CaseState.JOINED,
    ),
    Action(
        label="Choose labels",
        endpoint="teamwork.choose_labels",
        order=76,
        permission=Permission.CASE_WORK,
        applies=lambda case, _user: case.state is not CaseState.JOINED,
    ),
)
