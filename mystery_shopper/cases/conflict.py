"""The page two people meet on when they changed one case at once: both texts, nothing overwritten."""

from http import HTTPStatus
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.timeline import latest_changes, typed_answers
from mystery_shopper.core.errors import StaleEditError


def show_conflict(case: Case, form: Any, error: StaleEditError, *, version: object = None) -> ResponseReturnValue:
    """Answer a stale save: what others did meanwhile, what this person typed, and the form to save it on top.

    `version` is what the form's hidden `version` (or `seen`) must carry to be up to date, the case's by default.
    """
    answers = typed_answers(form)
    name = "version" if "version" in form else "seen"
    form[name].data = str(case.version if version is None else version)
    page = render_template(
        "cases/show_conflict.html",
        case=case,
        conflict=form,
        answers=answers,
        changes=latest_changes(case),
        message=error.message,
        action=request.full_path.rstrip("?"),
    )
    return page, HTTPStatus.CONFLICT
