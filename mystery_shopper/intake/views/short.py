"""The report on one page: written, sent, or carried on with all the questions."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey, services
from mystery_shopper.intake.forms.base import mark_of
from mystery_shopper.intake.queries import OpenDraft
from mystery_shopper.intake.titles import BY_ENDPOINT
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import DraftIsLongError, link, number_of, open_current
from mystery_shopper.intake.views.pages import find_overtaken, find_page, save_page


@bp.route("/two-minutes", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def report_briefly() -> ResponseReturnValue:
    draft = open_current(any_length=True)
    if not draft.answers.is_short:
        raise DraftIsLongError
    form = make_short_form(draft)
    overtaken: tuple[str, ...] = ()
    if form.validate_on_submit():
        overtaken = find_overtaken(draft, form)
        page = find_page(journey.SHORT, draft.answers)
        saved = None if overtaken else save_page(draft, page, form)
        if saved is not None:
            return redirect(_next_address(saved, form))
    return draw_short(draft, form, overtaken)


def make_short_form(draft: OpenDraft, **options: object) -> forms.ShortForm:
    """Return the form, filled with what was typed before; what the browser sent comes first."""
    stored = forms.ShortForm.stored(draft.answers)
    return forms.ShortForm(data={**stored, "seen": mark_of(stored), "draft": str(draft.row.id)}, **options)


def draw_short(draft: OpenDraft, form: forms.ShortForm, overtaken: tuple[str, ...] = ()) -> ResponseReturnValue:
    """Draw the page, with the receipt code on it."""
    number = number_of(draft.row.id)
    action = link("intake.report_briefly", number)
    return render_template(
        form.template,
        form=form,
        code=draft.code,
        number=number,
        action=action,
        link=link,
        overtaken=overtaken,
        history_title=BY_ENDPOINT["intake.report_briefly"],
    )


def _next_address(draft: OpenDraft, form: forms.ShortForm) -> str:
    """Send the report, or return where the person wants to go on."""
    number = number_of(draft.row.id)
    if form.later.data:
        return link("intake.save_for_later", number)
    if form.is_left:
        return link("intake.tasks", number)
    services.submit_draft(draft.row.id, now=clock.reporter_now())
    return link("intake.done", number)
