"""Writes of tasks: putting one down, changing it, settling it, for one case or several."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import DataKey, seal
from mystery_shopper.teamwork.events import TaskCancelled, TaskChanged, TaskDone, TaskMade, TaskReopened
from mystery_shopper.teamwork.models import CaseTask
from mystery_shopper.teamwork.policy import can_become, needs_reason
from mystery_shopper.teamwork.queries.tasks import find_task_by_submission, people_for_tasks
from mystery_shopper.teamwork.states import TASK_WORDS, TaskState

STALE = "Somebody else changed this task while you were working on it."


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """What is to be done, by when and by whom (None: whoever takes it)."""

    title: str
    due_on: date
    assignee_id: UUID | None
    submission_id: UUID


def make_task(case: Case, new: NewTask, *, maker: StaffMember, now: datetime) -> CaseTask:
    """Put down a task on a case. A form sent twice makes one.

    Raises:
        DomainError: the day has passed, the person may not see the case, or the case is part of another.
    """
    once = uuid5(new.submission_id, str(case.id))
    known = find_task_by_submission(once)
    if known is not None:
        return known
    refuse_joined(case)
    check_day(new.due_on, day_of(now))
    person = _check_assignee(case, new.assignee_id, day_of(now))
    task_id = new_id()
    task = CaseTask(
        id=task_id,
        case_id=case.id,
        submission_id=once,
        title_sealed=seal(case.data_key, new.title, f"case_tasks.title:{task_id}"),
        due_on=new.due_on,
        assignee_id=person.id if person else None,
        state=TaskState.OPEN,
        made_at=now,
        made_by=maker.id,
    )
    db.session.add(task)
    db.session.flush()
    event = TaskMade(
        task_id=str(task_id),
        title=new.title,
        due_on=new.due_on.isoformat(),
        assignee_id=str(person.id) if person else "",
        assignee_name=person.name if person else "",
    )
    record(case, event, actor=maker.actor, now=now)
    return task


def refuse_joined(case: Case) -> None:
    """Refuse to put something on a case that is part of another: it would be found on neither.

    Raises:
        DomainError: the case was joined to another.
    """
    if case.state is CaseState.JOINED:
        raise DomainError(f"{case.reference} is part of another case now. Put it on that one")


def check_day(due_on: date, today: date) -> None:
    """Refuse a day that has passed.

    Raises:
        DomainError: with the field to show it at.
    """
    if due_on < today:
        raise DomainError("The day must be today or in the future", field="due_on")


def _check_assignee(case: Case, user_id: UUID | None, today: date) -> User | None:
    if user_id is None:
        return None
    person = next((one for one in people_for_tasks(case, today) if one.id == user_id), None)
    if person is None:
        raise DomainError("Select somebody who may see this case", field="assignee")
    return person


def change_task(
    case: Case,
    task: CaseTask,
    key: DataKey,
    *,
    title: str,
    due_on: date,
    assignee_id: UUID | None,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Change words, day or person of an open task; what stays the same is no event.

    Raises:
        StaleEditError: somebody changed the task since the page was opened.
        DomainError: the task is settled, the new day has passed, or the new person may not see the case.
    """
    _check_version(task, version)
    if task.state is not TaskState.OPEN:
        raise DomainError(f"This task is {TASK_WORDS[task.state][0].lower()}. Open it again first")
    old_title, old_due_on, old_id = task.title(key), task.due_on, task.assignee_id
    if (title, due_on, assignee_id) == (old_title, old_due_on, old_id):
        return
    if due_on != old_due_on:
        check_day(due_on, day_of(now))
    if assignee_id != old_id:
        _check_assignee(case, assignee_id, day_of(now))
    task.title_sealed = seal(key, title, f"case_tasks.title:{task.id}")
    task.due_on, task.assignee_id = due_on, assignee_id
    db.session.flush()
    names = names_of({one for one in (old_id, assignee_id) if one})
    event = TaskChanged(
        task_id=str(task.id),
        old_title=old_title,
        title=title,
        old_due_on=old_due_on.isoformat(),
        due_on=due_on.isoformat(),
        old_assignee_name=names.get(old_id, "") if old_id else "",
        assignee_id=str(assignee_id) if assignee_id and assignee_id != old_id else "",
        assignee_name=names.get(assignee_id, "") if assignee_id else "",
    )
    record(case, event, actor=actor, now=now)


def settle_task(
    case: Case,
    task: CaseTask,
    key: DataKey,
    new: TaskState,
    *,
    reason: str,
    version: int,
    by: StaffMember,
    now: datetime,
) -> None:
    """Note that a task is done or dropped, or open it again. Dropping and opening again need a reason.

    Raises:
        StaleEditError: somebody changed the task since the page was opened.
        DomainError: the task is not in a state from which this can be done, or a reason is missing.
    """
    _check_version(task, version)
    if not can_become(task.state, new):
        raise DomainError(f"This task is {TASK_WORDS[task.state][0].lower()} already", field="new")
    if needs_reason(new) and not reason:
        raise DomainError("Enter why", field="reason")
    task.state = new
    task.settled_at, task.settled_by = (None, None) if new is TaskState.OPEN else (now, by.id)
    task.reason_sealed = seal(key, reason, f"case_tasks.reason:{task.id}") if reason else None
    db.session.flush()
    kind = {TaskState.DONE: TaskDone, TaskState.CANCELLED: TaskCancelled, TaskState.OPEN: TaskReopened}[new]
    record(case, kind(task_id=str(task.id), title=task.title(key), reason=reason), actor=by.actor, now=now)


def _check_version(task: CaseTask, version: int) -> None:
    if task.version != version:
        raise StaleEditError(STALE)
