"""Writes of checklists: what one person ticked and unticked, whatever others did to other points meanwhile."""

from collections.abc import Collection
from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.teamwork.checklists import Checklist
from mystery_shopper.teamwork.events import ChecklistTicked, ChecklistUnticked
from mystery_shopper.teamwork.models import ChecklistTick


def tick(
    case: Case,
    checklist: Checklist,
    *,
    chosen: Collection[str],
    seen: Collection[str],
    by: StaffMember,
    now: datetime,
) -> int:
    """Tick and untick points of a checklist: only those this person changed from what their page showed (`seen`).

    Two people who tick different points both keep theirs, and a point both ticked is ticked once.

    Returns:
        How many points changed.

    Raises:
        DomainError: a point is not on the list.
    """
    known = {item.id for item in checklist.items}
    if not set(chosen) <= known:
        raise DomainError("Select points of this list", field="items")
    changed = 0
    for item in checklist.items:
        wanted = item.id in chosen
        if wanted != (item.id in seen):
            changed += _set(case, checklist, item.id, wanted, by, now)
    return changed


def _set(case: Case, checklist: Checklist, item: str, wanted: bool, by: StaffMember, now: datetime) -> bool:
    row = db.session.get(ChecklistTick, (case.id, checklist.id, item))
    if wanted is (row is not None):
        return False
    if row is None:
        db.session.add(
            ChecklistTick(case_id=case.id, checklist=checklist.id, item=item, ticked_at=now, ticked_by=by.id)
        )
    else:
        db.session.delete(row)
    db.session.flush()
    kind = ChecklistTicked if wanted else ChecklistUnticked
    event = kind(checklist=checklist.id, item=item, words=checklist.words_of(item))
    record(case, event, actor=by.actor, now=now)
    return True
