"""What is said of a form that was sent: wrong answers give 400, and fields it does not have are put on record."""

import logging
from functools import cache
from http import HTTPStatus

from flask import Flask, Response, g, request

from config import Config
from mystery_shopper.core.db import Base
from mystery_shopper.core.forms import FORMS_MADE, GovForm

logger = logging.getLogger(__name__)

GUESSED = frozenset({"admin", "is_admin", "is_superuser", "password_hash"})
"""Names that are tried everywhere, though we have no such column."""
ENDS = ("_id", "_mac", "_hash", "_sealed")
"""How columns end that no person ever fills in. Others are names of fields too, and a page sent again has some."""
EXPECTED = frozenset({"submission_id"})


@cache
def guarded_names() -> frozenset[str]:
    """Return the names somebody may hope to write to: who owns what, what is sealed, what is switched on."""
    columns = {column.key for table in Base.metadata.tables.values() for column in table.columns}
    return GUESSED | {name for name in columns if name.endswith(ENDS) or name.startswith("is_")} - EXPECTED


def look_at_forms(response: Response) -> Response:
    """Answer a page with wrong answers by 400, and put on record guarded names its forms do not ask for."""
    forms: list[GovForm] = g.get(FORMS_MADE, [])
    if request.method == "POST" and forms:
        if response.status_code == HTTPStatus.OK and any(form.error_list for form in forms):
            response.status_code = HTTPStatus.BAD_REQUEST
        _note_extra_fields(forms)
    return response


def _note_extra_fields(forms: list[GovForm]) -> None:
    """Name the fields, never what they say."""
    asked = {field.name for form in forms for field in form}
    extra = (set(request.form) - asked) & guarded_names()
    if extra:
        logger.warning("fields nobody asked for at %s: %s", request.endpoint, ", ".join(sorted(extra)))


def init_app(app: Flask, _settings: Config) -> None:
    """Look at every answer."""
    app.after_request(look_at_forms)
