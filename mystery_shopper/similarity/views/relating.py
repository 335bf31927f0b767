"""Link two cases, say that a suggested one is not similar, and take either back."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.similarity import services
from mystery_shopper.similarity.forms import RelateForm, UndoRelationForm
from mystery_shopper.similarity.models import RelationKind
from mystery_shopper.similarity.queries import RelationView, relation_views
from mystery_shopper.similarity.views.blueprints import bp
from mystery_shopper.similarity.views.choosing import choose_other, open_pair

_TITLES = {RelationKind.LINKED: "Link with another case", RelationKind.NOT_SIMILAR: "Not similar"}
_DONE = {RelationKind.LINKED: "Linked with {}", RelationKind.NOT_SIMILAR: "{} is no longer suggested"}


@bp.route("/cases/<reference>/link", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def link_case(reference: str) -> ResponseReturnValue:
    return _relate(reference, RelationKind.LINKED)


@bp.route("/cases/<reference>/not-similar", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def dismiss_case(reference: str) -> ResponseReturnValue:
    return _relate(reference, RelationKind.NOT_SIMILAR)


def _relate(reference: str, kind: RelationKind) -> ResponseReturnValue:
    case, other = open_pair(reference)
    if other is None:
        return choose_other(case, _TITLES[kind])
    form = RelateForm()
    if request.method != "POST":
        form.version.data = str(case.version)
    if form.validate_on_submit():
        try:
            return _save(case, other, kind, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "similarity/relate_cases.html",
        case=case,
        other=other,
        form=form,
        kind=kind,
        page_title=_TITLES[kind],
        today=clock.today(),
    )


def _save(case: Case, other: Case, kind: RelationKind, form: RelateForm) -> ResponseReturnValue:
    services.relate(
        case,
        other,
        kind,
        reason=form.reason.data,
        version=as_version(form.version),
        maker=signed_in_user(),
        now=clock.utc_now(),
    )
    return _back(case, _DONE[kind].format(other.reference))


@bp.route("/cases/<reference>/relations", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def undo_relation(reference: str) -> ResponseReturnValue:
    case, user = open_case(reference), signed_in_user()
    views = [view for group in relation_views(case, user).values() for view in group]
    form = UndoRelationForm()
    form.offer(views)
    if form.validate_on_submit():
        _take_back(views, form)
        return _back(case, "Taken back")
    return render_template("similarity/undo_relation.html", case=case, form=form, views=views)


def _take_back(views: list[RelationView], form: UndoRelationForm) -> None:
    chosen = next(view.relation for view in views if str(view.relation.id) == form.relation.data)
    services.undo_relation(chosen, reason=form.reason.data, undoer=signed_in_user(), now=clock.utc_now())


def _back(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, "similar"))
