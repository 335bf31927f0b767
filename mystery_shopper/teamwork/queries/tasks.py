"""Tasks of a case and of a person, opened for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.audience import people_who_may_see
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import DataKey
from mystery_shopper.teamwork.models import CaseTask
from mystery_shopper.teamwork.policy import is_overdue
from mystery_shopper.teamwork.queries.whole import home_of, of_whole
from mystery_shopper.teamwork.states import TaskState

MINE_SHOWN = 20


@dataclass(frozen=True)
class TaskView:
    """A task, opened. `assignee` and `settled_by` are names, empty when there is nobody."""

    row: CaseTask
    title: str
    reason: str
    assignee: str
    settled_by: str
    is_overdue: bool


@dataclass(frozen=True)
class OwnTask:
    """A task of the person who looks at their desk, and the case it is found on."""

    id: UUID
    title: str
    due_on: date
    is_overdue: bool
    reference: str


def list_tasks(case: Case, today: date) -> list[TaskView]:
    """Return the tasks of a case and of those joined to it: the open ones by day, then the settled, newest first."""
    rows = db.session.execute(_with_key().where(of_whole(CaseTask.case_id, case))).all()
    people = {user_id for task, _ in rows for user_id in (task.assignee_id, task.settled_by) if user_id}
    names = names_of(people)
    views = [_show(task, key, names, today) for task, key in rows]
    waiting = sorted((view for view in views if view.row.state is TaskState.OPEN), key=_by_day)
    settled = sorted((view for view in views if view.row.state is not TaskState.OPEN), key=_by_end, reverse=True)
    return waiting + settled


def open_tasks(case: Case, today: date) -> list[TaskView]:
    """Return what is to be done on a case, by day."""
    rows = db.session.execute(_with_key().where(of_whole(CaseTask.case_id, case), CaseTask.state == TaskState.OPEN))
    found = [(task, key) for task, key in rows]
    names = names_of({task.assignee_id for task, _ in found if task.assignee_id})
    return sorted((_show(task, key, names, today) for task, key in found), key=_by_day)


def _with_key() -> Select[CaseTask, DataKey]:
    return (
        select(CaseTask, DataKey).join(Case, Case.id == CaseTask.case_id).join(DataKey, DataKey.id == Case.data_key_id)
    )


def _show(task: CaseTask, key: DataKey, names: dict[UUID, str], today: date) -> TaskView:
    gone = "a former member of staff"
    return TaskView(
        row=task,
        title=task.title(key),
        reason=task.reason(key),
        assignee=names.get(task.assignee_id, gone) if task.assignee_id else "",
        settled_by=names.get(task.settled_by, gone) if task.settled_by else "",
        is_overdue=is_overdue(task.state, task.due_on, today),
    )


def _by_day(view: TaskView) -> tuple[date, datetime, str]:
    return (view.row.due_on, view.row.made_at, str(view.row.id))


def _by_end(view: TaskView) -> tuple[datetime, str]:
    return (view.row.settled_at or view.row.made_at, str(view.row.id))


def get_task(case: Case, task_id: UUID) -> tuple[CaseTask, DataKey]:
    """Return a task found on the page of a case, with the key of the case it was put down on.

    Raises:
        NotFoundError: there is none, or it is found on another case.
    """
    row = db.session.execute(_with_key().where(CaseTask.id == task_id, of_whole(CaseTask.case_id, case))).first()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def find_task_by_submission(submission_id: UUID) -> CaseTask | None:
    """Return the task a form made."""
    return db.session.scalar(select(CaseTask).where(CaseTask.submission_id == submission_id))


def people_for_tasks(case: Case, today: date) -> Sequence[User]:
    """Return the people a task of a case can be given to, by name: who may see it and works on cases."""
    return [one for one in people_who_may_see(case, today) if Permission.CASE_WORK in one.permissions]


def tasks_of(user: StaffMember, today: date) -> list[OwnTask]:
    """Return the open tasks of a person on cases they may see, by day; at most MINE_SHOWN."""
    own = aliased(Case)
    rows = db.session.execute(
        select(CaseTask, DataKey, Case.reference)
        .join(own, own.id == CaseTask.case_id)
        .join(DataKey, DataKey.id == own.data_key_id)
        .join(Case, Case.id == home_of(CaseTask.case_id))
        .where(CaseTask.assignee_id == user.id, CaseTask.state == TaskState.OPEN, visible_to(user))
        .order_by(CaseTask.due_on, CaseTask.id)
        .limit(MINE_SHOWN)
    )
    return [
        OwnTask(task.id, task.title(key), task.due_on, is_overdue(task.state, task.due_on, today), reference)
        for task, key, reference in rows
    ]
