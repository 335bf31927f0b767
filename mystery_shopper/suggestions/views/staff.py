"""Suggestions as policy owners see them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import StaleEditError
from mystery_shopper.core.forms import GovForm, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.suggestions import forms, journey, queries, services
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, VALUE_BAND_LABELS
from mystery_shopper.suggestions.states import state_label
from mystery_shopper.suggestions.views.blueprints import bp

SUBJECT = "suggestion"
FILTERS = ("state", "forced_by", "family")


@bp.get("/suggestions")
@requires(Permission.SUGGESTION_READ)
def list_suggestions() -> ResponseReturnValue:
    form = forms.FilterForm(formdata=request.args)
    form.offer((value, title) for value, title, _hint in journey.family_options())
    form.validate()
    page = queries.list_suggestions(form.to_filter(), request.args.get("cursor"))
    return render_template(
        "suggestions/list_suggestions.html",
        form=form,
        page=page,
        chips=_chips(form),
        counts={state_label(state): count for state, count in queries.count_by_state().items()},
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
        **_words(),
    )


@bp.get("/suggestions/<reference>")
@requires(Permission.SUGGESTION_READ)
def show_suggestion(reference: str) -> ResponseReturnValue:
    return _draw("suggestions/show_suggestion.html", _open(reference))


@bp.route("/suggestions/<reference>/route", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def route_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = _open(reference)
    form = forms.RouteForm(data={"version": str(suggestion.version), "note": suggestion.route_note})
    if form.validate_on_submit():
        return _save(form, suggestion, services.route, form.note.data or "", "Saved as passed on")
    return _draw("suggestions/route_suggestion.html", suggestion, form=form)


@bp.route("/suggestions/<reference>/answer", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def answer_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = _open(reference)
    form = forms.AnswerForm(data={"version": str(suggestion.version), "answer": suggestion.answer})
    if form.validate_on_submit():
        return _save(form, suggestion, services.answer, form.answer.data or "", "Answer sent")
    return _draw("suggestions/answer_suggestion.html", suggestion, form=form)


def _open(reference: str) -> Suggestion:
    """Return a suggestion and record that it was opened: at once for a page, with the rest for a form."""
    suggestion = queries.get_suggestion(reference)
    record = audit.record_access if is_reading() else audit.record
    record(Action.SUGGESTION_VIEWED, actor=actor(), subject=SUBJECT, subject_id=suggestion.id, now=clock.utc_now())
    return suggestion


def _save(
    form: forms.RouteForm | forms.AnswerForm,
    suggestion: Suggestion,
    service: Callable[..., None],
    text: str,
    message: str,
) -> ResponseReturnValue:
    """Save, or show what somebody else saved meanwhile above what was typed, ready to be saved on top."""
    try:
        service(suggestion, text, version=as_version(form.version), actor=actor(), now=clock.utc_now())
    except StaleEditError as error:
        form.version.data = str(suggestion.version)
        form.add_error(f"{error.message} What stands now is shown below. Save again to replace it")
        template = "route" if isinstance(form, forms.RouteForm) else "answer"
        page = _draw(f"suggestions/{template}_suggestion.html", suggestion, form=form, is_stale=True)
        return page, HTTPStatus.CONFLICT
    flash(message, "success")
    return redirect(url_for("suggestions.show_suggestion", reference=suggestion.reference))


def _draw(template: str, suggestion: Suggestion, form: GovForm | None = None, is_stale: bool = False) -> str:
    return render_template(
        template, suggestion=suggestion, content=suggestion.content, form=form, is_stale=is_stale, **_words()
    )


def _words() -> dict[str, Any]:
    return {
        "state_label": state_label,
        "forced_by_labels": FORCED_BY_LABELS,
        "value_band_labels": VALUE_BAND_LABELS,
        "family_title": journey.family_title,
    }


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _chips(form: forms.FilterForm) -> list[dict[str, str]]:
    kept = _kept()
    chips = []
    for name in kept:
        labels = {option.value: option.label for option in form[name].options}
        if kept[name] in labels:
            rest = {other: kept[other] for other in kept if other != name}
            text = f"{form[name].label.text}: {labels[kept[name]]}"
            chips.append({"text": text, "href": url_for("suggestions.list_suggestions", **rest)})
    return chips


def _page_url(cursor: str | None) -> str:
    return url_for("suggestions.list_suggestions", **_kept(), cursor=cursor) if cursor else ""
