"""Saved views of the list: which a person has, and how many cases are new in each since they last looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, case, func, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import CaseAssigned, CaseRouted, ReportFiled, StateChanged
from mystery_shopper.cases.models import Case, CaseEventRecord
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.casework.models import SavedView, ViewLook
from mystery_shopper.casework.policy import CaseFilter, Figure, figures
from mystery_shopper.casework.queries.listing import conditions
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.teamwork.events import LabelAdded

BRINGS_IN = tuple(event.tag for event in (ReportFiled, StateChanged, CaseAssigned, CaseRouted, LabelAdded))
"""Events that can bring a case into a list: it came, took a step, changed hands or queue, or got a label."""
MANY_EVENTS = 2000
"""After so many events since somebody looked, the cases of a view are asked one by one instead of the events."""


@dataclass(frozen=True)
class View:
    """A view as one person has it. `seen_sequence`: the last event when they opened it, None if they never did."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    is_own: bool
    is_default: bool
    seen_sequence: int | None


def list_views(user: StaffMember) -> list[View]:
    """Return the views of a person, their own before the shared ones, each by name."""
    rows = db.session.execute(
        select(SavedView, ViewLook)
        .outerjoin(ViewLook, and_(ViewLook.view_id == SavedView.id, ViewLook.user_id == user.id))
        .where(or_(SavedView.owner_id == user.id, SavedView.is_shared))
    )
    views = [_show(view, look, user) for view, look in rows]
    return sorted(views, key=lambda view: (view.is_shared, view.name.casefold(), str(view.id)))


def _show(view: SavedView, look: ViewLook | None, user: StaffMember) -> View:
    return View(
        id=view.id,
        name=view.name,
        query=view.query,
        is_shared=view.is_shared,
        is_own=view.owner_id == user.id,
        is_default=look is not None and look.is_default,
        seen_sequence=look.seen_sequence if look else None,
    )


def get_view(view_id: UUID, user: StaffMember) -> SavedView:
    """Return a view that is a person's own, or shared.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    view = db.session.get(SavedView, view_id)
    if view is None or not (view.is_shared or view.owner_id == user.id):
        raise NotFoundError
    return view


def count_views(user: StaffMember, *, shared: bool) -> int:
    """Return how many views are shared, or how many a person keeps for themselves."""
    which = SavedView.is_shared if shared else and_(SavedView.owner_id == user.id, ~SavedView.is_shared)
    return db.session.scalar(select(func.count()).select_from(SavedView).where(which)) or 0


def count_new(views: Sequence[tuple[CaseFilter, int]], user: StaffMember, today: date) -> list[int]:
    """Return for each view (its filter, the last event its person looked past) how many of its cases are new.

    New is a case that is in the view and that somebody else, or the service, brought into a list since: what was done
    to it stands in BRINGS_IN. One statement for all views; nobody counts past `new-counted` and one.

    Little has happened since most look: then the events are read and their cases compared with the view. Much has since
    somebody was away: then cases of the view are asked for such an event until enough are found.
    """
    if not views:
        return []
    latest = select(func.max(CaseEventRecord.sequence)).scalar_subquery()
    counts = []
    for number, (wanted, seen) in enumerate(views):
        of_view = select(Case.id).where(visible_to(user), *conditions(user, wanted, today))
        brought = select(CaseEventRecord.case_id).where(
            CaseEventRecord.sequence > seen, CaseEventRecord.actor != user.actor, CaseEventRecord.tag.in_(BRINGS_IN)
        )
        by_event = _count(of_view.where(Case.id.in_(brought)))
        by_case = _count(of_view.where(brought.where(CaseEventRecord.case_id == Case.id).exists()))
        counts.append(case((latest - seen > MANY_EVENTS, by_case), else_=by_event).label(f"view_{number}"))
    return list(db.session.execute(select(*counts)).one())


def _count(cases: Select[UUID]) -> ScalarSelect[int]:
    """Return the count of cases as a value of a statement, which stops counting one past the limit."""
    capped = cases.limit(figures()[Figure.NEW_COUNTED] + 1).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()
