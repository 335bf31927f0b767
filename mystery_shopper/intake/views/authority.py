"""The buyer: search the register, choose a match, or keep the name as typed. Works without JavaScript."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.queries import search_authorities
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import transactional
from mystery_shopper.core.forms import Option
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey
from mystery_shopper.intake.forms.pages import TYPED
from mystery_shopper.intake.queries import OpenDraft
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import open_current
from mystery_shopper.intake.views.pages import draw_page, find_page, next_address, save_page

MATCHES = 12


@bp.route("/authority", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def choose_authority() -> ResponseReturnValue:
    draft = open_current()
    page = find_page(journey.AUTHORITY, draft.answers)
    form = make_authority_form(draft)
    if form.validate_on_submit() and is_chosen(form):
        saved = save_page(draft, page, form)
        if saved is not None:
            return redirect(next_address(saved, page, form))
    return draw_page(draft, page, form)


def make_authority_form(draft: OpenDraft, **options: object) -> forms.AuthorityForm:
    """Return the form, its choices made from what is typed in it."""
    stored = forms.AuthorityForm.stored(draft.answers)
    return_to = request.args.get("return_to", "")
    form = forms.AuthorityForm(data={**stored, "draft": str(draft.row.id), "return_to": return_to}, **options)
    form.ask_of(draft.answers)
    if form.query.data and (form.is_submitted() or options or draft.answers.authority_text):
        form.offer(matches(form.query.data))
        if not (form.is_submitted() or options):
            form.choice.data = draft.answers.authority_id or TYPED
    return form


def matches(query: str) -> list[Option]:
    """Return the authorities of the register that a name may mean."""
    return [
        Option(str(found.id), found.name, authority_hint(found)) for found in search_authorities(query, limit=MATCHES)
    ]


def authority_hint(authority: Authority) -> str:
    """Return what tells two bodies of like names apart: its parent, and whether it still exists."""
    parts = [authority.parent] if authority.parent else []
    if authority.ends_on is not None:
        parts.append(_("Closed {day}", day=format_day(authority.ends_on)))
    return ". ".join(parts)


def is_chosen(form: forms.AuthorityForm) -> bool:
    """Tell whether a buyer was chosen; a choice that is missing after a search becomes an error."""
    if form.is_left:
        form.has_gaps = not (form.query.data and form.choice.data)
        return True
    if form.search.data or "offered" not in request.form:
        return False
    if not form.choice.data:
        form.add_error(_("Select the buyer, or use the name you typed"), "choice")
        return False
    return True
