"""The register of the Right to Provide: for everybody to read, for policy owners to keep."""

from uuid import UUID, uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.core import clock
from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, public, requires
from mystery_shopper.guidance import queries
from mystery_shopper.guidance.export import STAGE_COLUMNS, stage_rows
from mystery_shopper.guidance.forms import StageForm, TakeBackForm
from mystery_shopper.guidance.services import register
from mystery_shopper.guidance.views import bp

REGISTER = "/guidance/right-to-provide"


@bp.get(REGISTER)
@public
def show_register() -> ResponseReturnValue:
    return render_template("guidance/show_register.html", standings=queries.list_standings())


@bp.get(f"{REGISTER}.csv")
@public
def export_register() -> ResponseReturnValue:
    rows = stage_rows(queries.list_standings())
    response = Response(csv_text(STAGE_COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="right-to-provide.csv"'
    return response


@bp.get(f"{REGISTER}/stages")
@requires(Permission.RULES_CHANGE)
def list_stages() -> ResponseReturnValue:
    return render_template("guidance/list_stages.html", stages=queries.list_stages())


@bp.route(f"{REGISTER}/stages/new", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE)
@transactional
def record_stage() -> ResponseReturnValue:
    known = {"department": request.args.get("department", ""), "service": request.args.get("service", "")}
    form = StageForm(data=known)
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            row = register.record_stage(form.to_stage(), recorder=signed_in_user(), now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash(f"Stage of {row.department} recorded", "success")
            return redirect(url_for("guidance.list_stages"))
    return render_template("guidance/record_stage.html", form=form)


@bp.route(f"{REGISTER}/stages/<uuid:stage_id>/take-back", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE)
@transactional
def take_back_stage(stage_id: UUID) -> ResponseReturnValue:
    row = queries.get_stage(stage_id)
    form = TakeBackForm()
    if form.validate_on_submit():
        register.take_back(row, taker=signed_in_user(), now=clock.utc_now())
        flash(f"Entry of {row.department} taken back", "success")
        return redirect(url_for("guidance.list_stages"))
    return render_template("guidance/take_back_stage.html", form=form, row=row)
