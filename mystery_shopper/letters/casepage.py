"""What letters put on the case page."""

from collections.abc import Mapping
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.permissions import Permission
from mystery_shopper.letters.queries import list_letters


def register() -> None:
    """Register the panel and the action."""
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
    return {"letters": found, "can_work": user.can(Permission.CASE_WORK)} if found else None
