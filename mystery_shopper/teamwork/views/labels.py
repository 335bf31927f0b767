"""Labels: those of a case, and the list that seniors keep."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.teamwork.forms import CaseLabelsForm, LabelForm, seen_in
from mystery_shopper.teamwork.models import Label
from mystery_shopper.teamwork.queries.labels import count_uses, get_label, labels_held_by, list_labels
from mystery_shopper.teamwork.services import labels as services
from mystery_shopper.teamwork.states import Colour
from mystery_shopper.teamwork.views import bp


@bp.route("/cases/<reference>/labels", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def choose_labels(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    held = labels_held_by(case)
    offered = {str(one.id): one for one in [*list_labels(), *(one for one in held if one.retired_at)]}
    form = CaseLabelsForm(labels=[str(one.id) for one in held])
    form.offer(offered.values())
    if request.method != "POST":
        form.seen.data = " ".join(form.labels.data)
    if form.validate_on_submit():
        try:
            return _choose(case, form, offered)
        except DomainError as error:
            form.add_error(error)
    return render_template("teamwork/choose_labels.html", case=case, form=form)


def _choose(case: Case, form: CaseLabelsForm, offered: dict[str, Label]) -> ResponseReturnValue:
    chosen, seen = set(form.labels.data), seen_in(form.seen)
    by, now = signed_in_user(), clock.utc_now()
    for label_id, label in offered.items():
        if label_id in chosen - seen:
            services.add_label(case, label, by=by, now=now)
        elif label_id in seen - chosen:
            services.remove_label(case, label, by=by, now=now)
    flash("Labels saved", "success")
    return redirect(url_for("casework.show_case", reference=case.reference))


@bp.route("/labels", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def keep_labels() -> ResponseReturnValue:
    form = LabelForm()
    if form.validate_on_submit():
        try:
            return _keep(None, form)
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "teamwork/keep_labels.html", form=form, labels=list_labels(with_retired=True), uses=count_uses()
    )


@bp.route("/labels/<uuid:label_id>", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def change_label(label_id: UUID) -> ResponseReturnValue:
    label = get_label(label_id)
    form = LabelForm(name=label.name, colour=label.colour.value)
    if request.method != "POST":
        form.version.data = str(label.version)
    if form.validate_on_submit():
        try:
            return _keep(label, form)
        except StaleEditError as error:
            form.version.data = str(label.version)
            form.add_error(f"{error.message} It is “{label.name}” now. Save again to change it", "name")
        except DomainError as error:
            form.add_error(error)
    return render_template("teamwork/change_label.html", form=form, label=label)


def _keep(label: Label | None, form: LabelForm) -> ResponseReturnValue:
    services.keep_label(
        label,
        name=form.name.data,
        colour=Colour(form.colour.data),
        version=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    flash("Label saved", "success")
    return redirect(url_for("teamwork.keep_labels"))


@bp.post("/labels/<uuid:label_id>/retire")
@requires(Permission.CASE_ALLOCATE)
@transactional
def retire_label(label_id: UUID) -> ResponseReturnValue:
    label = get_label(label_id)
    services.retire_label(label, actor=actor(), now=clock.utc_now())
    flash(f"“{label.name}” is no longer on the list. Cases that have it keep it", "success")
    return redirect(url_for("teamwork.keep_labels"))


@bp.post("/labels/<uuid:label_id>/bring-back")
@requires(Permission.CASE_ALLOCATE)
@transactional
def bring_back_label(label_id: UUID) -> ResponseReturnValue:
    label = get_label(label_id)
    services.bring_back_label(label, actor=actor(), now=clock.utc_now())
    flash(f"“{label.name}” is on the list again", "success")
    return redirect(url_for("teamwork.keep_labels"))
