"""What interventions put on the case page, and their points of the closing checklist."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.closure import ClosureCheck, Standing, register_check, standing_of
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
from mystery_shopper.cases.states import ENDED_EARLY, FINISHED
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.permissions import Permission
from mystery_shopper.interventions import queries
from mystery_shopper.interventions.policy import powers_open
from mystery_shopper.interventions.queries.desk import due_checks
from mystery_shopper.interventions.states import PRACTICE_LABELS


def register() -> None:
    """Register panels, actions and closure checks."""
    for panel in _PANELS:
        register_panel(panel)
    for action in _ACTIONS:
        register_action(action)
    register_desk_panel(_DESK)
    recorded = ClosureCheck("outcome-recorded", "The outcome has been recorded", 10, outcome_recorded, place="/outcome")
    register_check(recorded)
    register_check(
        ClosureCheck(
            "claim-shown",
            "A fact shows what the outcome says got better",
            12,
            claim_shown,
            queries.unproven_claims,
            place="/outcome",
            is_must=True,
        )
    )
    register_check(
        ClosureCheck(
            "interventions-answered",
            "The authority has answered what it was asked",
            28,
            lambda case: standing_of(answers_left(case), is_needed=bool(queries.list_interventions(case))),
            answers_left,
            place="/parts/action#interventions",
        )
    )
    register_check(
        ClosureCheck(
            "recommendations-answered",
            "Recommendations have been answered",
            30,
            all_answered,
            place="/parts/action#recommendations",
        )
    )


def outcome_recorded(case: Case) -> Standing:
    """Tell whether the case has an outcome, where it needs one."""
    if queries.find_outcome(case) is not None:
        return Standing.DONE
    return Standing.NOT_NEEDED if case.state in ENDED_EARLY else Standing.OPEN


def claim_shown(case: Case) -> Standing:
    """Tell whether a fact shows what the outcome claims, where it claims something."""
    outcome = queries.find_outcome(case)
    is_claim = outcome is not None and outcome.positive
    return standing_of(queries.unproven_claims(case), is_needed=is_claim)


def answers_left(case: Case) -> Sequence[str]:
    """Return the interventions that asked for an answer by a day and have none, in words."""
    return [
        f"{view.label} of {format_day(view.row.made_on)}, answer due {format_day(view.row.response_due_on)}"
        for view in queries.list_interventions(case)
        if view.row.response_due_on is not None and view.row.response_received_on is None
    ]


def all_answered(case: Case) -> Standing:
    """Tell whether the authority's answer to every recommendation is on record."""
    views = queries.list_recommendations(case)
    if not views:
        return Standing.NOT_NEEDED
    return Standing.OPEN if any(view.row.is_open for view in views) else Standing.DONE


def _load_interventions(case: Case, user: StaffMember) -> Mapping[str, Any]:
    return {
        "interventions": queries.list_interventions(case),
        "powers": powers_open(case.received_on, case.procurement_started_on),
        "can_work": user.can(Permission.CASE_WORK),
    }


def _load_recommendations(case: Case, user: StaffMember) -> Mapping[str, Any]:
    return {"recommendations": queries.list_recommendations(case), "can_work": user.can(Permission.CASE_WORK)}


def _load_outcome(case: Case, _user: StaffMember) -> Mapping[str, Any]:
    row = queries.find_outcome(case)
    return {"view": queries.show_outcome(case, row) if row else None}


def _load_follow_ups(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    views = queries.list_follow_ups(case)
    if not views:
        return None
    return {"follow_ups": views, "labels": PRACTICE_LABELS, "can_work": user.can(Permission.CASE_WORK)}


def _load_desk(user: StaffMember, today: date) -> Mapping[str, Any] | None:
    checks = due_checks(user, today)
    return {"checks": checks} if checks else None


def _is_worked_on(case: Case, _user: StaffMember) -> bool:
    return case.state not in FINISHED


_PANELS = tuple(
    Panel(
        key=key,
        title=title,
        order=order,
        permission=Permission.CASE_READ,
        template=f"interventions/panels/{key}.html",
        load=load,
        part=Part.ACTION,
    )
    for key, title, order, load in (
        ("interventions", "Interventions", 50, _load_interventions),
        ("recommendations", "Recommendations", 60, _load_recommendations),
        ("outcome", "Outcome", 70, _load_outcome),
        ("follow-up", "After closing", 75, _load_follow_ups),
    )
)

_DESK = DeskPanel(
    key="checks", order=20, permission=Permission.CASE_WORK, template="interventions/_desk.html", load=_load_desk
)

_ACTIONS = (
    Action(
        label="Record an intervention",
        endpoint="interventions.record_intervention",
        order=20,
        permission=Permission.CASE_WORK,
        applies=_is_worked_on,
    ),
    Action(
        label="Record a recommendation",
        endpoint="interventions.make_recommendation",
        order=30,
        permission=Permission.CASE_WORK,
        applies=_is_worked_on,
    ),
    Action(
        label="Record the outcome",
        endpoint="interventions.record_outcome",
        order=40,
        permission=Permission.CASE_WORK,
        applies=_is_worked_on,
    ),
)
