"""Two people changed one thing at once: disjoint changes merge by themselves, for others both texts are shown.

Nothing is ever overwritten silently: what cannot be merged is saved by nobody until a person has seen both texts.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.timeline import latest_changes, typed_answers
from mystery_shopper.core.errors import StaleEditError
from mystery_shopper.core.forms import SharedForm, entries_of
from mystery_shopper.core.merging import MergedField, Settled, merge_entries

SHOWN = frozenset({Settled.CLASH, Settled.THEIRS})
"""What is shown side by side: what only this person changed stands in the form below."""
Stored = Callable[[], SharedForm]
"""Makes the form anew with what is stored now, and nothing of what the request brought."""


def start_shared(form: SharedForm, stored: Stored) -> None:
    """Let a page that is drawn for the first time carry what it starts from."""
    if request.method != "POST":
        form.keep_ancestor(stored())


def save_shared(
    case: Case,
    form: SharedForm,
    stored: Stored,
    save: Callable[[], ResponseReturnValue],
    *,
    version: Callable[[], object],
    is_one_statement: bool = False,
) -> ResponseReturnValue:
    """Save a form; if somebody saved first, merge what does not clash and save that, else show both texts.

    `save` reads the fields of the form. `version` returns what the hidden field (`version` or `seen`) must carry to
    be up to date. The fields of a form that `is_one_statement` (an outcome, a fact) are never mixed from two people:
    it is saved by itself only when the other changed something else.
    """
    try:
        return save()
    except StaleEditError as error:
        theirs = stored()
        merged = merge_entries(form.read_ancestor(), entries_of(form), entries_of(theirs))
        stops = {Settled.CLASH, Settled.THEIRS} if is_one_statement else {Settled.CLASH}
        if any(field.settled in stops for field in merged):
            return _show(case, form, error, version(), theirs=theirs, merged=merged)
    taken = [field for field in merged if field.settled is Settled.THEIRS]
    for field in taken:
        form[field.name].data, form[field.name].raw_data = theirs[field.name].data, None
    form[_carrier(form)].data = str(version())
    answer = save()
    if taken:
        labels = ", ".join(f"“{form[field.name].label.text}”" for field in taken)
        flash(f"Somebody else saved while you were working. Their change to {labels} was kept beside yours", "notice")
    return answer


def show_conflict(case: Case, form: Any, error: StaleEditError, *, version: object = None) -> ResponseReturnValue:
    """Answer a stale step: what others did meanwhile, what this person typed, and the form to save it on top.

    `version` is what the form's hidden `version` (or `seen`) must carry to be up to date, the case's by default.
    """
    return _show(case, form, error, case.version if version is None else version)


def _show(
    case: Case,
    form: Any,
    error: StaleEditError,
    version: object,
    *,
    theirs: SharedForm | None = None,
    merged: Sequence[MergedField] = (),
) -> ResponseReturnValue:
    answers = typed_answers(form)
    form[_carrier(form)].data = str(version)
    if theirs is not None:
        form.keep_ancestor(theirs)
    page = render_template(
        "cases/show_conflict.html",
        case=case,
        conflict=form,
        answers=answers,
        differing=[(form[field.name].label.text, field) for field in merged if field.settled in SHOWN],
        changes=latest_changes(case),
        message=error.message,
        action=request.full_path.rstrip("?"),
    )
    return page, HTTPStatus.CONFLICT


def _carrier(form: Any) -> str:
    return "version" if "version" in form else "seen"
