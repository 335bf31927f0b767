"""Fields a page does not have are read by nobody; those named like columns nobody fills in are put on record."""

import logging
from functools import cache

from flask import Flask, Response, g, request

from config import Config
from mystery_shopper.core.db import Base
from mystery_shopper.core.forms import FIELDS_ASKED

logger = logging.getLogger(__name__)

GUESSED = frozenset({"admin", "is_admin", "is_superuser", "password_hash"})
"""Names that are tried everywhere, though we have no such column."""
ENDS = ("_id", "_mac", "_hash", "_sealed")
"""How columns end that no person ever fills in. Others are names of fields too, and a page sent again has some."""
EXPECTED = frozenset({"submission_id"})


@cache
def guarded_names() -> frozenset[str]:
    """Return the names somebody may hope to write to: who owns what, what is sealed, what is switched on."""
    columns = {name for table in Base.metadata.tables.values() for name in (column.key for column in table.columns)}
    return GUESSED | {name for name in columns if name.endswith(ENDS) or name.startswith("is_")} - EXPECTED


def note_extra_fields(response: Response) -> Response:
    """Put on record which of these names a page was sent whose forms do not ask for them; never what they say."""
    asked = g.get(FIELDS_ASKED)
    if asked is not None and request.method == "POST":
        extra = (set(request.form) - asked) & guarded_names()
        if extra:
            logger.warning("fields nobody asked for at %s: %s", request.endpoint, ", ".join(sorted(extra)))
    return response


def init_app(app: Flask, _settings: Config) -> None:
    """Look at every answer."""
    app.after_request(note_extra_fields)
