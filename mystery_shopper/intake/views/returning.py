"""Leaving a draft and coming back to it with the receipt code."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.forms.kept import carried_fields
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey, queries
from mystery_shopper.intake.journey import Page
from mystery_shopper.intake.queries import OpenDraft
from mystery_shopper.intake.views.authority import make_authority_form
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.codes import enter_receipt, find_typed
from mystery_shopper.intake.views.drafts import forget, link, number_of, open_current, remember
from mystery_shopper.intake.views.pages import draw_page, find_page, make_form
from mystery_shopper.intake.views.short import draw_short, make_short_form


@bp.route("/save", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def save_for_later() -> ResponseReturnValue:
    draft = open_current(any_length=True)
    form = forms.DraftForm(data={"draft": str(draft.row.id)})
    if form.validate_on_submit():
        forget(draft.row.id)
        return redirect(url_for("intake.left"))
    number = number_of(draft.row.id)
    return render_template(
        "intake/save_for_later.html",
        form=form,
        code=draft.code,
        expires_on=draft.row.expires_on,
        number=number,
        link=link,
    )


@bp.route("/left")
@public
def left() -> ResponseReturnValue:
    return render_template("intake/left.html")


@bp.route("/return", methods=["GET", "POST"])
@public
@limited(Limit.RECEIPT)
@transactional
def return_to_draft() -> ResponseReturnValue:
    form = forms.ReturnForm()
    if form.validate_on_submit():
        found = find_typed(form)
        if found is not None and found.draft is not None:
            return go_on(queries.read_draft(found.draft), form)
        if found is not None and found.report is not None:
            enter_receipt(found.report)
            return redirect(url_for("receipt.show_case"))
    return render_template("intake/return_to_draft.html", form=form, kept=list(carried_fields().items(multi=True)))


def go_on(draft: OpenDraft, form: forms.ReturnForm) -> ResponseReturnValue:
    """Open a draft in this browser: where the report stands, or the page that was lost with what was typed on it."""
    number = remember(draft.row.id)
    kept = carried_fields()
    try:
        page = find_page(form.page.data or "", draft.answers) if kept else None
    except NotFoundError:
        page = None
    if page is None:
        return redirect(link("intake.tasks", number))
    shown = _refill(draft, page, MultiDict(kept))
    shown.draft.data = str(draft.row.id)
    shown.add_error(TIMED_OUT)
    return draw_short(draft, shown) if isinstance(shown, forms.ShortForm) else draw_page(draft, page, shown)


def _refill(draft: OpenDraft, page: Page, kept: MultiDict[str, str]) -> forms.PageForm:
    """Return the form of a page with what was typed on it before the session ended."""
    if page.slug == journey.SHORT:
        return make_short_form(draft, formdata=kept)
    if page.slug == journey.AUTHORITY:
        return make_authority_form(draft, formdata=kept)
    return make_form(page, draft.row.id, draft.answers, formdata=kept)
