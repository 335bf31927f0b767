"""Pages of retention: what is due, and batches with two reviewers and a certificate."""

from uuid import uuid4

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import as_submission
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.holds.queries import list_lifted, list_standing
from mystery_shopper.retention.forms import ApproveForm, ProposeForm
from mystery_shopper.retention.policy import DoneBy, RetentionClass, schedule
from mystery_shopper.retention.queries import BATCH_MAX, due_of, get_batch, list_batches, list_due, preview
from mystery_shopper.retention.services import batches
from mystery_shopper.retention.showing import certificate_csv, show_batch, show_holds, show_names
from mystery_shopper.retention.states import ITEM_LABELS, STATE_LABELS
from mystery_shopper.retention.views.blueprints import bp


@bp.get("/records")
@requires(Permission.RECORDS_KEEP)
def show_records() -> ResponseReturnValue:
    found = list_batches()
    return render_template(
        "retention/show_records.html",
        holds=show_holds(list_standing(), signed_in_user()),
        lifted=show_holds(list_lifted(), signed_in_user()),
        due=list_due(clock.today()),
        schedule=schedule(),
        batches=found,
        names=show_names(found),
        labels=STATE_LABELS,
        today=clock.today(),
    )


@bp.route("/records/retention/<class_id>", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP, step_up=True)
@transactional
def propose_batch(class_id: str) -> ResponseReturnValue:
    one = _class(class_id)
    form = ProposeForm()
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            batch = batches.propose(
                one, submission_id=as_submission(form.submission_id), by=signed_in_user(), now=clock.utc_now()
            )
        except DomainError as error:
            form.add_error(error)
        else:
            flash("Proposed. A second reviewer has to approve it before anything is destroyed", "success")
            return redirect(url_for("retention.decide_batch", number=batch.number))
    today = clock.today()
    lines, due = preview(one, today, signed_in_user()), due_of(one, today)
    return render_template("retention/propose_batch.html", one=one, due=due, lines=lines, most=BATCH_MAX, form=form)


def _class(class_id: str) -> RetentionClass:
    one = schedule().classes.get(class_id)
    if one is None or one.done_by is not DoneBy.BATCH:
        raise NotFoundError
    return one


@bp.route("/records/batches/<int:number>", methods=["GET", "POST"])
@requires(Permission.RECORDS_KEEP, step_up=True)
@transactional
def decide_batch(number: int) -> ResponseReturnValue:
    batch = get_batch(number, lock=request.method == "POST")
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            batches.approve(batch, by=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash("Approved. The worker destroys these records now", "success")
            return redirect(url_for("retention.decide_batch", number=number))
    view = show_batch(batch, signed_in_user())
    return render_template("retention/decide_batch.html", view=view, form=form, labels=STATE_LABELS, items=ITEM_LABELS)


@bp.post("/records/batches/<int:number>/cancel")
@requires(Permission.RECORDS_KEEP)
@transactional
def cancel_batch(number: int) -> ResponseReturnValue:
    batches.cancel(get_batch(number, lock=True), by=signed_in_user(), now=clock.utc_now())
    flash("The batch is cancelled. Nothing was destroyed", "success")
    return redirect(url_for("retention.show_records"))


@bp.get("/records/batches/<int:number>/certificate.csv")
@requires(Permission.RECORDS_KEEP)
def download_certificate(number: int) -> ResponseReturnValue:
    answer = make_response(certificate_csv(get_batch(number)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="destruction-certificate-{number}.csv"'
    return answer
