"""One thing done to several cases of the list: choose, say what, look at what will happen, do it, undo it."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid4

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.queries import get_user, list_assignable
from mystery_shopper.allocation.queries import list_colleagues
from mystery_shopper.casework.bulk_forms import AssignCasesForm, LabelCasesForm, TaskForCasesForm, read_seen
from mystery_shopper.casework.policy import Figure, figures, undo_until
from mystery_shopper.casework.queries import bulk
from mystery_shopper.casework.queries.listing import list_for_export
from mystery_shopper.casework.services.bulk import do_order
from mystery_shopper.casework.services.bulk import undo_order as undo
from mystery_shopper.casework.views import bp
from mystery_shopper.casework.views.listing import address, filter_form, kept
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.holidays import calendar_of
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.core.text import is_storable
from mystery_shopper.teamwork.policy import days_offered
from mystery_shopper.teamwork.queries.labels import get_label, list_labels

CHOSEN, ALL = "case", "all"
"""What the list sends: the cases that were ticked, or that all which match are meant."""
DO, CHANGE = "do", "change"
"""The buttons of the page that shows what will happen."""

BulkForm = TypeVar("BulkForm", AssignCasesForm, LabelCasesForm, TaskForCasesForm)


@bp.route("/cases/bulk/assign", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def assign_cases() -> ResponseReturnValue:
    form = AssignCasesForm()
    people = list_colleagues(signed_in_user(), clock.today())
    form.offer((one.person.id, one.person.name, f"Open cases: {one.cases}") for one in people if not one.away_until)
    return _go_on(form, form.to_order, "casework/assign_cases.html")


@bp.route("/cases/bulk/label", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def label_cases() -> ResponseReturnValue:
    form = LabelCasesForm()
    form.offer(list_labels(with_retired=True))
    return _go_on(form, form.to_order, "casework/label_cases.html")


@bp.route("/cases/bulk/task", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def give_tasks() -> ResponseReturnValue:
    form, today = TaskForCasesForm(), clock.today()
    days = days_offered(today, calendar_of(None).holidays)
    form.offer(days, ((one.id, one.name) for one in list_assignable()))
    return _go_on(form, lambda: form.to_order(days, today), "casework/give_tasks.html")


def _go_on(form: BulkForm, to_order: Callable[[], bulk.Order], template: str) -> ResponseReturnValue:
    """Show the form for what the list sent; then what will happen; then do it."""
    if request.method != "POST":
        try:
            _take_over(form)
        except DomainError as error:
            flash(error.message, "notice")
            return redirect(_back_to_list())
    elif CHANGE not in request.form and form.validate():
        try:
            return _plan_or_do(form, to_order())
        except DomainError as error:
            form.add_error(error)
    cases = bulk.choose_cases(_references(form), signed_in_user())
    return render_template(template, form=form, cases=cases, back=_back_to_list())


def _take_over(form: BulkForm) -> None:
    """Take over which cases the list sent."""
    cases = _all_that_match() if ALL in request.args else _ticked()
    if not cases:
        raise DomainError("Select at least one case first")
    form.seen.data = " ".join(f"{case.reference}:{case.version}" for case in cases)
    form.submission_id.data = str(uuid4())


def _ticked() -> bulk.Cases:
    sent = [text for text in request.args.getlist(CHOSEN) if is_storable(text)]
    return bulk.choose_cases(sent[: figures()[Figure.BULK_CASES]], signed_in_user())


def _all_that_match() -> bulk.Cases:
    most, filters = figures()[Figure.BULK_CASES], filter_form()
    if not filters.validate():
        raise DomainError("Mend the filters of the list first")
    found = list_for_export(signed_in_user(), filters.to_filter(), today=clock.today(), limit=most + 1)
    if len(found) > most:
        raise DomainError(f"More than {most} cases match. Filter the list until fewer do")
    return found


def _references(form: BulkForm) -> list[str]:
    try:
        return list(read_seen(form.seen.data))
    except DomainError:
        return []


def _plan_or_do(form: BulkForm, order: bulk.Order) -> ResponseReturnValue:
    chosen, user = read_seen(form.seen.data), signed_in_user()
    asks = current_app.extensions["settings"].declare_each_case
    if DO in request.form:
        action = do_order(order, chosen, user, asks=asks, now=clock.utc_now())
        return redirect(address("casework.show_bulk", kept(), bulk_id=action.id))
    plan = bulk.plan_order(order, chosen, user, asks=asks, today=clock.today())
    kept_hidden = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "save", DO)
    ]
    return render_template("casework/plan_bulk.html", order=order, plan=plan, hidden=kept_hidden, back=_back_to_list())


def _back_to_list() -> str:
    return address("casework.list_cases", kept())


@bp.get("/cases/bulk/<uuid:bulk_id>")
@requires(Permission.CASE_WORK)
def show_bulk(bulk_id: UUID) -> ResponseReturnValue:
    user = signed_in_user()
    action = bulk.get_bulk(bulk_id, user)
    items, unseen = bulk.show_items(action, user)
    return render_template(
        "casework/show_bulk.html",
        action=action,
        items=items,
        unseen=unseen,
        label=get_label(action.label_id) if action.label_id else None,
        owner=get_user(action.owner_id) if action.owner_id else None,
        undo_until=undo_until(action.done_at) if bulk.can_be_undone(action, clock.utc_now()) else None,
        back=_back_to_list(),
        undo_href=address("casework.undo_bulk", kept(), bulk_id=bulk_id),
    )


@bp.post("/cases/bulk/<uuid:bulk_id>/undo")
@requires(Permission.CASE_WORK)
@transactional
def undo_bulk(bulk_id: UUID) -> ResponseReturnValue:
    user = signed_in_user()
    undo(bulk.get_bulk(bulk_id, user), user, now=clock.utc_now())
    return redirect(address("casework.show_bulk", kept(), bulk_id=bulk_id))
