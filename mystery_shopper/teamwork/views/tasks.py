"""Tasks of a case."""

from datetime import date
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.conflict import save_shared, show_conflict, start_shared
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.services import calendar_for
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_submission, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.core.vault import DataKey
from mystery_shopper.teamwork.forms import ChangeTaskForm, SettleForm, TaskForm
from mystery_shopper.teamwork.models import CaseTask
from mystery_shopper.teamwork.policy import day_off_words, days_offered
from mystery_shopper.teamwork.queries.tasks import get_task, people_for_tasks
from mystery_shopper.teamwork.services import tasks as services
from mystery_shopper.teamwork.states import NEXT_STATES, TASK_WORDS, TaskState
from mystery_shopper.teamwork.views import bp


@bp.route("/cases/<reference>/tasks/new", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def make_task(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    days = days_offered(clock.today(), calendar_for(case).holidays)
    form = TaskForm()
    form.offer(days, _people(case))
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            new = services.NewTask(
                title=form.title.data,
                due_on=form.chosen_day(days),
                assignee_id=form.assignee_id(),
                submission_id=as_submission(form.submission_id),
            )
            services.make_task(case, new, maker=signed_in_user(), now=clock.utc_now())
            return _saved(case, new.due_on)
        except DomainError as error:
            form.add_error(error)
    return render_template("teamwork/make_task.html", case=case, form=form, today=clock.today())


@bp.route("/cases/<reference>/tasks/<uuid:task_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def change_task(reference: str, task_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    task, key = get_task(case, task_id)
    form = ChangeTaskForm(**_stored_values(task, key))
    form.offer(_people(case, task))
    if request.method != "POST":
        form.version.data = str(task.version)
    start_shared(form, lambda: _stored(case, task, key))
    if form.validate_on_submit():
        try:
            return save_shared(
                case,
                form,
                lambda: _stored(case, task, key),
                lambda: _save(case, task, key, form),
                version=lambda: task.version,
            )
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "teamwork/change_task.html", case=case, form=form, task=task, is_open=task.state is TaskState.OPEN
    )


def _stored_values(task: CaseTask, key: DataKey) -> dict[str, object]:
    return {
        "title": task.title(key),
        "due_on": task.due_on,
        "assignee": str(task.assignee_id) if task.assignee_id else "",
    }


def _stored(case: Case, task: CaseTask, key: DataKey) -> ChangeTaskForm:
    form = ChangeTaskForm(formdata=None, data=_stored_values(task, key))
    form.offer(_people(case, task))
    return form


def _save(case: Case, task: CaseTask, key: DataKey, form: ChangeTaskForm) -> ResponseReturnValue:
    services.change_task(
        case,
        task,
        key,
        title=form.title.data,
        due_on=form.due_on.data,
        assignee_id=form.assignee_id(),
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return _saved(case, form.due_on.data)


@bp.route("/cases/<reference>/tasks/<uuid:task_id>/settle", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def settle_task(reference: str, task_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    task, key = get_task(case, task_id)
    form = SettleForm()
    form.offer(NEXT_STATES[task.state])
    if request.method != "POST":
        form.version.data = str(task.version)
    if form.validate_on_submit():
        try:
            return _settle(case, task, key, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=task.version)
        except DomainError as error:
            form.add_error(error)
    title = task.title(key)
    return render_template("teamwork/settle_task.html", case=case, form=form, task=task, title=title)


def _settle(case: Case, task: CaseTask, key: DataKey, form: SettleForm) -> ResponseReturnValue:
    new = TaskState(form.new.data)
    services.settle_task(
        case,
        task,
        key,
        new,
        reason=form.reason.data,
        version=as_version(form.version),
        by=signed_in_user(),
        now=clock.utc_now(),
    )
    flash(f"The task is: {TASK_WORDS[new][0].lower()}", "success")
    return _back(case)


def _people(case: Case, task: CaseTask | None = None) -> list[tuple[UUID, str]]:
    """Return who can be chosen; whoever has the task and lost sight of the case stays until somebody changes it."""
    people = {one.id: one.name for one in people_for_tasks(case, clock.today())}
    if task is not None and task.assignee_id is not None and task.assignee_id not in people:
        name = names_of({task.assignee_id}).get(task.assignee_id, "A former member of staff")
        people[task.assignee_id] = f"{name} (cannot see this case any more)"
    return list(people.items())


def _saved(case: Case, due_on: date) -> ResponseReturnValue:
    words = day_off_words(due_on, calendar_for(case).holidays)
    flash("Task saved", "success")
    if words:
        flash(words, "notice")
    return _back(case)


def _back(case: Case) -> ResponseReturnValue:
    return redirect(panel_path(case.reference, "tasks"))
