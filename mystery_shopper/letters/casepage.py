"""What letters put on the case page and the desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
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
from mystery_shopper.cases.policy import BEFORE_OUTCOME
from mystery_shopper.cases.services import calendar_for
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import count_working_days
from mystery_shopper.core.permissions import Permission
from mystery_shopper.letters.queries import desk_lines, list_letters
from mystery_shopper.letters.states import COLOURS, LABELS, LetterState


def register() -> None:
    """Register the panels, the action and the part of the desk."""
    register_panel(
        Panel(
            key="live-tender",
            title="What can still change before the deadline",
            order=8,
            permission=Permission.CASE_READ,
            template="authority_letters/panels/live_tender.html",
            load=load_live_tender,
            on_paper=False,
        )
    )
    register_desk_panel(
        DeskPanel(
            key="letters",
            order=12,
            permission=Permission.CASE_WORK,
            template="authority_letters/_desk.html",
            load=load_desk,
        )
    )
    register_panel(
        Panel(
            key="letters",
            title="Letters to the authority",
            order=55,
            permission=Permission.CASE_READ,
            template="authority_letters/panels/letters.html",
            load=load_letters,
            part=Part.ACTION,
        )
    )
    register_action(
        Action(
            label="Write a letter to the authority",
            endpoint="letters.choose_letter",
            order=19,
            permission=Permission.CASE_WORK,
            applies=lambda case, _user: case.state not in FINISHED,
        )
    )


def load_letters(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return the letters of the case; nothing, and so no panel, before there is one."""
    found = list_letters(case)
    if not found:
        return None
    return {"letters": found, "can_work": user.can(Permission.CASE_WORK), "labels": LABELS, "colours": COLOURS}


def load_live_tender(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    """Return what is asked about a tender that is open, and how long it is; nothing, and so no panel, for any other."""
    today, closes_on = clock.today(), case.tender_closes_on
    if closes_on is None or closes_on < today or case.state not in BEFORE_OUTCOME:
        return None
    return {
        "closes_on": closes_on,
        "days": (closes_on - today).days,
        "working_days": count_working_days(today, closes_on, calendar_for(case).holidays),
        "can_work": user.can(Permission.CASE_WORK),
    }


def load_desk(user: StaffMember, today: date) -> Mapping[str, Any] | None:
    """Return the letters that wait for this person, by what they wait for; nothing when none does."""
    lines = desk_lines(user)
    if not lines:
        return None
    approved = [line for line in lines if line.state is LetterState.APPROVED]
    return {
        "to_approve": [line for line in lines if line.state is LetterState.AWAITING_APPROVAL],
        "sent_back": [line for line in lines if line.is_sent_back],
        "to_send": [line for line in approved if line.not_before is None or line.not_before <= today],
        "held": sum(1 for line in approved if line.not_before is not None and line.not_before > today),
    }
