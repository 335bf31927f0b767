"""Saved views of the list: opening one, keeping, changing, sharing and deleting it."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.casework.filter_form import VIEW, kept_arguments
from mystery_shopper.casework.models import SavedView
from mystery_shopper.casework.queries.saved_views import get_view
from mystery_shopper.casework.services import saved_views as services
from mystery_shopper.casework.view_forms import SaveViewForm
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_transaction, transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires


@bp.get("/cases/views/<uuid:view_id>")
@requires(Permission.CASE_WORK)
def open_view(view_id: UUID) -> ResponseReturnValue:
    user = signed_in_user()
    view = get_view(view_id, user)
    with separate_transaction() as session:
        services.look_at(session, view, user)
    return redirect(f"{url_for('casework.list_cases')}?{urlencode([*parse_qsl(view.query), (VIEW, str(view_id))])}")


@bp.route("/cases/views/new", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def save_view() -> ResponseReturnValue:
    form, user = SaveViewForm(), signed_in_user()
    form.offer(can_name=True, can_share=user.can(Permission.CASE_ALLOCATE))
    query = urlencode([(name, value) for name, value in kept_arguments(request.args) if name != VIEW])
    if form.validate_on_submit():
        try:
            view = services.save_view(form.name.data, query, is_shared=_is_shared(form), by=user, now=clock.utc_now())
            services.make_default(view, is_default=form.is_default.data, by=user)
            return _saved(view)
        except DomainError as error:
            form.add_error(error)
    return render_template("casework/save_view.html", form=form, back=f"{url_for('casework.list_cases')}?{query}")


@bp.route("/cases/views/<uuid:view_id>/change", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def change_view(view_id: UUID) -> ResponseReturnValue:
    user = signed_in_user()
    view = get_view(view_id, user)
    can_change = services.can_change(view, user)
    is_default = services.is_default(view, user)
    form = SaveViewForm(name=view.name, is_shared=view.is_shared, is_default=is_default)
    form.offer(can_name=can_change, can_share=user.can(Permission.CASE_ALLOCATE))
    if request.method != "POST":
        form.version.data = str(view.version)
    if form.validate_on_submit():
        try:
            return _change(view, form)
        except StaleEditError as error:
            form.version.data = str(view.version)
            form.add_error(f"{error.message} It is “{view.name}” now. Save again to change it", "name")
        except DomainError as error:
            form.add_error(error)
    return render_template("casework/change_view.html", form=form, view=view, can_change=can_change)


def _change(view: SavedView, form: SaveViewForm) -> ResponseReturnValue:
    user = signed_in_user()
    if services.can_change(view, user):
        services.change_view(
            view,
            name=form.name.data,
            is_shared=_is_shared(form),
            version=as_version(form.version),
            by=user,
            now=clock.utc_now(),
        )
    services.make_default(view, is_default=form.is_default.data, by=user)
    return _saved(view)


@bp.post("/cases/views/<uuid:view_id>/delete")
@requires(Permission.CASE_WORK)
@transactional
def delete_view(view_id: UUID) -> ResponseReturnValue:
    user = signed_in_user()
    view = get_view(view_id, user)
    name = view.name
    services.delete_view(view, by=user, now=clock.utc_now())
    flash(f"The view “{name}” was deleted. The cases are as they were", "success")
    return redirect(url_for("casework.list_cases", state="open"))


def _is_shared(form: SaveViewForm) -> bool:
    return "is_shared" in form and bool(form.is_shared.data)


def _saved(view: SavedView) -> ResponseReturnValue:
    flash(f"The view “{view.name}” is saved", "success")
    return redirect(url_for("casework.open_view", view_id=view.id))
