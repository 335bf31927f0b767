"""Doing one thing to several cases at once, and undoing it: an event for each case, one audit entry for the whole."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid5

from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import lock_cases
from mystery_shopper.cases.services import assign
from mystery_shopper.casework.models import BulkAction, BulkItem
from mystery_shopper.casework.policy import undo_until
from mystery_shopper.casework.queries.bulk import (
    Order,
    Planned,
    choose_cases,
    find_bulk_by_submission,
    list_items,
    plan_order,
    references_of,
)
from mystery_shopper.casework.states import BulkEnd, BulkKind
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.teamwork.models import CaseLabel
from mystery_shopper.teamwork.queries.labels import get_label
from mystery_shopper.teamwork.queries.tasks import find_task_by_submission
from mystery_shopper.teamwork.services.labels import add_label, remove_label
from mystery_shopper.teamwork.services.tasks import NewTask, make_task, settle_task
from mystery_shopper.teamwork.states import TaskState

UNDONE = "Undone: it was done to several cases at once by mistake"
TOUCHED = "Somebody changed it since"
FIRST_VERSION = 1
"""The version of a task that nobody has changed."""


def do_order(order: Order, chosen: Mapping[str, int], by: StaffMember, *, asks: bool, now: datetime) -> BulkAction:
    """Do to each chosen case what can be done to it, and keep why the others were refused. Sent twice it is done once.

    Raises:
        NotFoundError: the id of the form was used by somebody else.
    """
    lock_cases(list(chosen), by)
    known = find_bulk_by_submission(order.submission_id)
    if known is not None:
        if known.user_id != by.id:
            raise NotFoundError
        return known
    plan = plan_order(order, chosen, by, asks=asks, today=day_of(now))
    action = BulkAction(
        id=new_id(),
        submission_id=order.submission_id,
        user_id=by.id,
        kind=order.kind,
        label_id=order.label.id if order.label else None,
        owner_id=order.owner.id if order.owner else None,
        unseen=plan.unseen,
        done_at=now,
    )
    db.session.add(action)
    db.session.flush()
    for one in plan.items:
        db.session.add(_do(action, order, one, by, now))
    db.session.flush()
    audit.record(Action.BULK_DONE, actor=by.actor, subject="bulk", subject_id=action.id, now=now)
    return action


def _do(action: BulkAction, order: Order, one: Planned, by: StaffMember, now: datetime) -> BulkItem:
    case, why, old_owner_id = one.case, one.refusal, one.case.owner_id
    if not why:
        try:
            _DO[order.kind](order, case, by, now)
        except DomainError as error:
            why = error.message
    item = BulkItem(
        bulk_id=action.id,
        case_id=case.id,
        ended=BulkEnd.REFUSED if why else BulkEnd.DONE,
        case_version=case.version,
        old_owner_id=old_owner_id,
    )
    if why:
        item.say_why(case.data_key, why)
    return item


def _assign(order: Order, case: Case, by: StaffMember, now: datetime) -> None:
    assign(case, order.owner, actor=by.actor, now=now, reason=order.reason)


def _add_label(order: Order, case: Case, by: StaffMember, now: datetime) -> None:
    if order.label is not None:
        add_label(case, order.label, by=by, now=now)


def _remove_label(order: Order, case: Case, by: StaffMember, now: datetime) -> None:
    if order.label is not None:
        remove_label(case, order.label, by=by, now=now)


def _give_task(order: Order, case: Case, by: StaffMember, now: datetime) -> None:
    new = NewTask(
        title=order.title,
        due_on=order.due_on or day_of(now),
        assignee_id=order.assignee.id if order.assignee else None,
        submission_id=order.submission_id,
    )
    make_task(case, new, maker=by, now=now)


_DO: Mapping[BulkKind, Callable[[Order, Case, StaffMember, datetime], None]] = {
    BulkKind.ASSIGN: _assign,
    BulkKind.LABEL: _add_label,
    BulkKind.UNLABEL: _remove_label,
    BulkKind.TASK: _give_task,
}


def undo_order(action: BulkAction, by: StaffMember, *, now: datetime) -> None:
    """Undo what was done to several cases, where nobody touched it since; the rest stays, with the reason.

    Safe to repeat. Undoing is on record like doing: nothing is deleted from the timeline.

    Raises:
        DomainError: it is too late.
        PermissionDeniedError: who owns cases was changed, and the person may not say that any more.
    """
    if action.kind is BulkKind.ASSIGN and not by.can(Permission.CASE_ALLOCATE):
        raise PermissionDeniedError("Ask a senior caseworker to undo this: who owns cases is for them to say")
    done = {item.case_id: item for item in list_items(action) if item.ended is BulkEnd.DONE}
    references = references_of(done, by)
    lock_cases(references, by)
    locked = select(BulkAction).where(BulkAction.id == action.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if action.undone_at is not None:
        return
    if now > undo_until(action.done_at):
        raise DomainError("It is too late to undo this. Change the cases one by one, or choose them again")
    action.undone_at = now
    for item in done.values():
        item.ended = BulkEnd.KEPT
    for case in choose_cases(references, by):
        _undo(action, done[case.id], case, by, now)
    db.session.flush()
    audit.record(Action.BULK_UNDONE, actor=by.actor, subject="bulk", subject_id=action.id, now=now)


def _undo(action: BulkAction, item: BulkItem, case: Case, by: StaffMember, now: datetime) -> None:
    try:
        _UNDO[action.kind](action, item, case, by, now)
    except DomainError as error:
        item.say_why(case.data_key, error.message)
    else:
        item.ended = BulkEnd.UNDONE


def _give_back(action: BulkAction, item: BulkItem, case: Case, by: StaffMember, now: datetime) -> None:
    if case.version != item.case_version:
        raise DomainError(TOUCHED)
    old = get_user(item.old_owner_id) if item.old_owner_id else None
    assign(case, old, actor=by.actor, now=now, reason=UNDONE)


def _take_label_off(action: BulkAction, _item: BulkItem, case: Case, by: StaffMember, now: datetime) -> None:
    held = db.session.get(CaseLabel, (case.id, action.label_id), populate_existing=True)
    if held is None or (held.put_at, held.put_by) != (action.done_at, action.user_id):
        raise DomainError(TOUCHED)
    remove_label(case, get_label(held.label_id), by=by, now=now)


def _put_label_back(action: BulkAction, _item: BulkItem, case: Case, by: StaffMember, now: datetime) -> None:
    if action.label_id is None or not add_label(case, get_label(action.label_id), by=by, now=now):
        raise DomainError(TOUCHED)


def _drop_task(action: BulkAction, _item: BulkItem, case: Case, by: StaffMember, now: datetime) -> None:
    task = find_task_by_submission(uuid5(action.submission_id, str(case.id)))
    if task is None or task.version != FIRST_VERSION or task.state is not TaskState.OPEN:
        raise DomainError(TOUCHED)
    settle_task(case, task, case.data_key, TaskState.CANCELLED, reason=UNDONE, version=task.version, by=by, now=now)


_UNDO: Mapping[BulkKind, Callable[[BulkAction, BulkItem, Case, StaffMember, datetime], None]] = {
    BulkKind.ASSIGN: _give_back,
    BulkKind.LABEL: _take_label_off,
    BulkKind.UNLABEL: _put_label_back,
    BulkKind.TASK: _drop_task,
}
