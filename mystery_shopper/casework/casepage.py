"""What casework itself puts on the case page, and its points of the closing checklist."""

from collections.abc import Mapping, Sequence
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.asking import asked_of
from mystery_shopper.cases.closure import ClosureCheck, Standing, register_check, standing_of
from mystery_shopper.cases.events import StateChanged
from mystery_shopper.cases.models import Case, Direction
from mystery_shopper.cases.overrides import list_overrides_of
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.queries import is_recused_from, list_events, list_messages, list_reports
from mystery_shopper.cases.states import ENDED_EARLY, CaseState
from mystery_shopper.cases.timeline import latest_changes
from mystery_shopper.casework.policy import manual_steps
from mystery_shopper.casework.queries import evidence, page
from mystery_shopper.core.permissions import Permission
from mystery_shopper.evidence.scanner import find_scanner
from mystery_shopper.facts.registry import registry

DECIDED = frozenset({CaseState.PUBLISHED.value, CaseState.WITHHELD.value})


def register() -> None:
    """Register panels, actions and closure checks."""
    for panel in _PANELS:
        register_panel(panel)
    for action in _ACTIONS:
        register_action(action)
    register_check(
        ClosureCheck("reporter-told", "The reporter has been told", 20, reporter_told, place="/parts/reports#messages")
    )
    register_check(
        ClosureCheck(
            "questions-answered",
            "The questions put to reporters have been answered",
            25,
            lambda case: standing_of(questions_left(case)),
            questions_left,
            place="/parts/reports",
        )
    )
    register_check(ClosureCheck("publication-decided", "Publication has been decided", 40, publication_decided))


def reporter_told(case: Case) -> Standing:
    """Tell whether every reporter who did not withdraw has had a message from us."""
    reports = [report for report in list_reports(case) if report.withdrawn_on is None]
    if not reports:
        return Standing.NOT_NEEDED
    told = all(
        any(message.direction is Direction.TO_REPORTER for message in list_messages(report)) for report in reports
    )
    return Standing.DONE if told else Standing.OPEN


def questions_left(case: Case) -> Sequence[str]:
    """Return the questions that reporters were asked and that are open, in words; of a withdrawn report none."""
    known, found = registry(), []
    for number, report in enumerate(list_reports(case), start=1):
        if report.withdrawn_on is None:
            asked = (known[fact_id].title if fact_id in known else fact_id for fact_id in asked_of(report))
            found += [f"Report {number}: {title}" for title in asked]
    return found


def publication_decided(case: Case) -> Standing:
    """Tell whether the result was published or withheld; nothing to publish comes of a case that ended early."""
    if case.state in ENDED_EARLY:
        return Standing.NOT_NEEDED
    events = (row.to_event(case.data_key) for row in list_events(case))
    decided = any(isinstance(event, StateChanged) and event.new in DECIDED for event in events)
    return Standing.DONE if decided else Standing.OPEN


def _load_wrong(case: Case, user: StaffMember) -> Mapping[str, Any]:
    return {
        "reports": page.show_gist(case),
        "raised": page.show_raised(case),
        "unread": page.count_unread(case),
        "can_work": user.can(Permission.CASE_WORK),
    }


def _load_latest(case: Case, _user: StaffMember) -> Mapping[str, Any]:
    return {"items": latest_changes(case)}


def _load_reports(case: Case, _user: StaffMember) -> Mapping[str, Any]:
    return {"reports": page.show_reports(case)}


def _load_facts(case: Case, user: StaffMember) -> Mapping[str, Any]:
    facts, findings = page.show_facts(case), page.show_findings(case)
    return {"facts": facts, "findings": findings, "can_work": user.can(Permission.CASE_WORK)}


def _load_messages(case: Case, user: StaffMember) -> Mapping[str, Any]:
    return {"conversations": page.show_conversations(case), "can_work": user.can(Permission.CASE_WORK)}


def _load_evidence(case: Case, user: StaffMember) -> Mapping[str, Any]:
    return {
        "files": evidence.show_files(case),
        "has_scanner": find_scanner() is not None,
        "can_open_original": user.can(Permission.EVIDENCE_ORIGINAL),
        "can_work": user.can(Permission.CASE_WORK),
    }


def _load_stopped(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    stopped = list_overrides_of(case)
    if not stopped:
        return None
    can_decide = user.can(Permission.GATE_OVERRIDE) and not is_recused_from(case, user.id)
    return {"stopped": stopped, "can_decide": can_decide, "user_id": user.id}


def _load_notes(case: Case, user: StaffMember) -> Mapping[str, Any]:
    notes = page.show_notes(case)
    is_for_me = any(one.user_id == user.id and one.read_at is None for note in notes for one in note.readers)
    return {"notes": notes, "can_say_read": is_for_me, "can_work": user.can(Permission.CASE_WORK)}


_PANELS = tuple(
    Panel(
        key=key,
        title=title,
        order=order,
        permission=Permission.CASE_READ,
        template=f"casework/panels/{key}.html",
        load=load,
        part=part,
        on_paper=key != "latest",
    )
    for key, title, order, part, load in (
        ("wrong", "What is wrong", 2, Part.OVERVIEW, _load_wrong),
        ("reports", "What was reported", 20, Part.REPORTS, _load_reports),
        ("evidence", "Evidence", 25, Part.REPORTS, _load_evidence),
        ("facts", "Facts", 30, Part.FACTS, _load_facts),
        ("messages", "Messages with the reporter", 40, Part.REPORTS, _load_messages),
        ("stopped", "Texts the disclosure gate stopped", 45, Part.REPORTS, _load_stopped),
        ("notes", "Internal notes", 90, Part.TEAM, _load_notes),
        ("latest", "Latest", 95, Part.OVERVIEW, _load_latest),
    )
)

_ACTIONS = (
    Action(
        label="Move the case on",
        endpoint="casework.move_case",
        order=10,
        permission=Permission.CASE_WORK,
        applies=lambda case, _user: bool(manual_steps(case.state)),
    ),
    Action(
        label="Give it to somebody else",
        endpoint="casework.assign_case",
        order=60,
        permission=Permission.CASE_ALLOCATE,
        applies=lambda _case, _user: True,
    ),
    Action(
        label="Put it back in the queue",
        endpoint="casework.assign_case",
        order=61,
        permission=Permission.CASE_WORK,
        applies=lambda case, user: (
            case.owner_id == user.id and not user.can(Permission.CASE_ALLOCATE) and case.state is not CaseState.JOINED
        ),
    ),
    Action(
        label="Add a fact",
        endpoint="casework.choose_fact",
        order=70,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
    Action(
        label="Write an internal note",
        endpoint="casework.add_note",
        order=75,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
    Action(
        label="Words that must not leave this case",
        endpoint="casework.keep_words",
        order=76,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
    Action(
        label="Correct the authority",
        endpoint="casework.correct_authority",
        order=80,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
    Action(
        label="Correct the title",
        endpoint="casework.correct_title",
        order=81,
        permission=Permission.CASE_WORK,
        applies=lambda _case, _user: True,
    ),
)
