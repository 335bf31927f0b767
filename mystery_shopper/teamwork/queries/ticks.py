"""The checklists of a case: which lists there are for it, what is ticked, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.teamwork.checklists import Checklist, Item, checklists_for
from mystery_shopper.teamwork.models import ChecklistTick


@dataclass(frozen=True)
class ItemView:
    """A point of a list on a case. `at` None: it is open."""

    item: Item
    by: str
    at: datetime | None


@dataclass(frozen=True)
class ListView:
    """A checklist on a case."""

    checklist: Checklist
    items: tuple[ItemView, ...]

    @property
    def ticked(self) -> frozenset[str]:
        """Return the ids of the points that are ticked."""
        return frozenset(view.item.id for view in self.items if view.at is not None)

    @property
    def open_before_closing(self) -> list[str]:
        """Return the words of the open points that stand against closing."""
        return [view.item.words for view in self.items if view.at is None and view.item.before_closing]


def show_checklists(case: Case) -> list[ListView]:
    """Return the checklists of a case, in the order of their files."""
    rows = db.session.scalars(select(ChecklistTick).where(ChecklistTick.case_id == case.id)).all()
    names = names_of({row.ticked_by for row in rows})
    ticks = {(row.checklist, row.item): row for row in rows}
    found = []
    for one in checklists_for(case.queue, [row.checklist for row in rows]):
        views = []
        for item in one.items:
            row = ticks.get((one.id, item.id))
            by = names.get(row.ticked_by, "a former member of staff") if row else ""
            views.append(ItemView(item, by, row.ticked_at if row else None))
        found.append(ListView(one, tuple(views)))
    return found


def get_checklist(case: Case, checklist_id: str) -> ListView:
    """Return one checklist of a case.

    Raises:
        NotFoundError: there is none for this case.
    """
    for view in show_checklists(case):
        if view.checklist.id == checklist_id:
            return view
    raise NotFoundError
