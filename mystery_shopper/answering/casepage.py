"""What the authority's answers put on the case page and the desk, and their point of the closing checklist."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.answering import queries
from mystery_shopper.answering.states import ACCESS_LABELS, KIND_LABELS, Access
from mystery_shopper.cases.closure import ClosureCheck, register_check, standing_of
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.panels import DeskPanel, Panel, Part, register_desk_panel, register_panel
from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission
from mystery_shopper.evidence.policy import may_release
from mystery_shopper.publication.replies import register_replies

ACCESS_COLOURS = {Access.INVITED: "blue", Access.OPENED: "green", Access.EXPIRED: "grey", Access.REVOKED: "grey"}


def register() -> None:
    """Register the panel, the part of the desk, the closure check, and what a publisher reads of a reply."""
    register_panel(_PANEL)
    register_replies("answers", queries.replies_to_entries)
    register_desk_panel(_DESK)
    register_check(
        ClosureCheck(
            "authority-read",
            "What the authority wrote has been dealt with",
            29,
            lambda case: standing_of(requests_left(case)),
            requests_left,
            place="/parts/action#answers",
        )
    )


def requests_left(case: Case) -> Sequence[str]:
    """Return what came from the authority and waits, in words."""
    return [KIND_LABELS[kind] for kind in queries.waiting_kinds(case)]


def _load(case: Case, user: StaffMember) -> Mapping[str, Any] | None:
    inquiries = queries.list_inquiries(case, clock.today())
    can_work = user.can(Permission.CASE_WORK)
    interventions = queries.open_interventions(case) if can_work else ()
    if not inquiries and not interventions:
        return None
    return {
        "inquiries": inquiries,
        "interventions": interventions,
        "can_work": can_work,
        "kind_labels": KIND_LABELS,
        "access_labels": ACCESS_LABELS,
        "access_colours": ACCESS_COLOURS,
        "may_release": may_release,
    }


def _load_desk(user: StaffMember, _today: date) -> Mapping[str, Any] | None:
    lines = queries.desk_lines(user)
    return {"lines": lines, "labels": KIND_LABELS} if lines else None


_PANEL = Panel(
    key="answers",
    title="Answers of the authority",
    order=55,
    permission=Permission.CASE_READ,
    template="answering/panels/answers.html",
    load=_load,
    part=Part.ACTION,
)
_DESK = DeskPanel(
    key="authority", order=15, permission=Permission.CASE_WORK, template="answering/_desk.html", load=_load_desk
)
