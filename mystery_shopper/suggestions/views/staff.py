"""The list of suggestions and the page of one, as policy owners see them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.holds.queries import is_on
from mystery_shopper.suggestions import queries, services
from mystery_shopper.suggestions.forms.staff import FilterForm, ReadForm
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.states import SuggestionState, TextState, state_label
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.words import open_suggestion, words

DAYS = ("received_from", "received_to")
FILTERS = ("state", "waits", "forced_by", "family", "rule", "body")


@bp.get("/suggestions")
@requires(Permission.SUGGESTION_READ)
def list_suggestions() -> ResponseReturnValue:
    form = FilterForm(formdata=request.args)
    form.offer()
    form.validate()
    page = queries.list_suggestions(form.to_filter(clock.today()), request.args.get("cursor"))
    counts = queries.count_by_state()
    return render_template(
        "suggestions/list_suggestions.html",
        form=form,
        page=page,
        chips=_chips(form),
        counts={state_label(state): counts[state] for state in SuggestionState if state in counts},
        overdue=queries.count_overdue(clock.today()),
        waiting=queries.count_waiting(),
        to_approve=queries.count_texts(TextState.AWAITING_APPROVAL),
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
        **words(),
    )


@bp.get("/suggestions/<reference>")
@requires(Permission.SUGGESTION_READ)
def show_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference, is_erased_too=True)
    if suggestion.erased_on is not None:
        return _show_erased(suggestion)
    return render_template(
        "suggestions/show_suggestion.html",
        suggestion=suggestion,
        content=suggestion.content,
        cases=queries.cases_with_flag(suggestion.family, suggestion.rule_id, signed_in_user()),
        text=queries.find_text(suggestion),
        item=queries.find_item_of(suggestion),
        is_held=is_on(Subject(HoldScope.SUGGESTION, suggestion.id)),
        lines=queries.timeline_of(suggestion),
        read_form=ReadForm(formdata=None, version=str(suggestion.version)),
        **words(),
    )


def _show_erased(suggestion: Suggestion) -> ResponseReturnValue:
    return render_template(
        "suggestions/show_erased.html",
        suggestion=suggestion,
        item=queries.find_item_of(suggestion),
        lines=queries.timeline_of(suggestion),
        **words(),
    )


@bp.post("/suggestions/<reference>/read")
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def mark_reply_read(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    services.mark_reply_read(suggestion, version=ReadForm().to_version(), actor=actor(), now=clock.utc_now())
    flash("Marked as read", "success")
    return redirect(url_for("suggestions.show_suggestion", reference=reference))


def kept_filters() -> dict[str, Any]:
    """Return the filters in the address, to be carried to the next page."""
    names = (*FILTERS, *(f"{day}-{part}" for day in DAYS for part in ("day", "month", "year")))
    return {name: request.args[name] for name in names if request.args.get(name)}


def _chips(form: FilterForm) -> list[dict[str, str]]:
    kept = kept_filters()
    chips = []
    for name in (*FILTERS, *DAYS):
        field = form[name]
        if field.errors or not field.data:
            continue
        labels = {option.value: option.label for option in getattr(field, "options", ())}
        rest = {other: value for other, value in kept.items() if other != name and not other.startswith(f"{name}-")}
        text = f"{field.label.text}: {labels.get(field.data, field.typed)}"
        chips.append({"text": text, "href": url_for("suggestions.list_suggestions", **rest)})
    return chips


def _page_url(cursor: str | None) -> str:
    return url_for("suggestions.list_suggestions", **kept_filters(), cursor=cursor) if cursor else ""
