"""What letters put on the case page and the desk."""

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
from mystery_shopper.cases.policy import BEFORE_OUTCOME
from mystery_shopper.cases.services import calendar_for
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import count_working_days
from mystery_shopper.core.permissions import Permission
from mystery_shopper.letters.queries import desk_lines, list_letters
from mystery_shopper.letters.states import COLOURS, LABELS, OPEN, LetterState


def register() -> None:
    """Register the panels, the action, the part of the desk and the closure check."""
    register_panel(_LIVE_TENDER)
    register_panel(_LETTERS)
    register_action(_WRITE)
    register_desk_panel(_DESK)
    register_check(
        ClosureCheck(
            "letters-gone",
            "Letters to the authority have gone, or were given up",
            28,
            lambda case: standing_of(letters_left(case)),
            letters_left,
            place="/parts/action#letters",
        )
    )


def letters_left(case: Case) -> Sequence[str]:
    """Return the letters that have not gone, in words."""
    return [f"{one.row.reference}: {one.title}" for one in list_letters(case) if one.row.state in OPEN]


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


_LIVE_TENDER = Panel(
    key="live-tender",
    title="What can still change before the deadline",
    order=8,
    permission=Permission.CASE_READ,
    template="authority_letters/panels/live_tender.html",
    load=load_live_tender,
    on_paper=False,
)
_LETTERS = Panel(
    key="letters",
    title="Letters to the authority",
    order=55,
    permission=Permission.CASE_READ,
    template="authority_letters/panels/letters.html",
    load=load_letters,
    part=Part.ACTION,
)
_WRITE = Action(
    label="Write a letter to the authority",
    endpoint="letters.choose_letter",
    order=19,
    permission=Permission.CASE_WORK,
    applies=lambda case, _user: case.state not in FINISHED,
)
_DESK = DeskPanel(
    key="letters", order=12, permission=Permission.CASE_WORK, template="authority_letters/_desk.html", load=load_desk
)
