"""What a page sent that could not be taken: kept, so that nobody has to type it again."""

from collections.abc import Collection

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

SECRET_FIELDS = frozenset({"password", "new_password", "current"})
CODE_FIELD = "code"
CONFIRM_FIELDS = frozenset({"confirm_code", "credential"})
"""Fields of the page that asks again who somebody is; they stand beside what that page keeps."""
SEND_AGAIN = "send_again"
"""Sent by that page when what it keeps is to be sent again."""
CARRIED_FIELDS = frozenset(
    {
        "csrf_token",
        "draft",
        "version",
        "submission_id",
        "seen",
        "return_to",
        "save",
        "send",
        "later",
        "steps",
        "page",
        SEND_AGAIN,
        "language",
    }
)
"""What a page carries for the service; the person did not type it."""
SWITCH = "language"
"""The button that changes the language: what is sent again is sent to be saved."""
KEPT_PREFIX = "kept-"
"""Before the names of fields that a page which asks for a code carries along, unseen."""
LARGEST_KEPT = 8 * 1024 * 1024
"""A text too large to be saved is still shown to its writer up to this size (bytes, as sent)."""


def kept_fields() -> list[tuple[str, str]]:
    """Return what a page sent, so that it can be sent again; nothing when a password is among it.

    A receipt code is left out; without anything else to keep there is nothing to send again.
    """
    sent = _sent()
    if request.method != "POST" or SECRET_FIELDS & set(sent):
        return []
    if CODE_FIELD in sent and not any(name.startswith(KEPT_PREFIX) for name in sent):
        return []
    left_out = {CODE_FIELD, SWITCH, *CONFIRM_FIELDS}
    return [(name, value) for name, value in sent.items(multi=True) if name not in left_out]


def fields_to_carry(left_out: Collection[str]) -> list[tuple[str, str]]:
    """Return what was typed on a page whose draft is not here, to be sent along with the code that opens it."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in left_out]


def carried_fields() -> MultiDict[str, str]:
    """Return what a page carried through the form that asks for the code."""
    sent = request.form.items(multi=True)
    return MultiDict((name.removeprefix(KEPT_PREFIX), value) for name, value in sent if name.startswith(KEPT_PREFIX))


def typed_texts() -> list[str]:
    """Return the texts (more than one word) that a person typed into a page; not what they chose from a list."""
    return [value for name, value in kept_fields() if name not in CARRIED_FIELDS and len(value.split()) > 1]


def make_room() -> None:
    """Let a text that was refused for its size be read all the same, to be shown to its writer and nothing else."""
    is_text = request.mimetype == "application/x-www-form-urlencoded"
    if is_text and (request.content_length or 0) <= LARGEST_KEPT:
        request.max_content_length = LARGEST_KEPT


def _sent() -> MultiDict[str, str]:
    """Return the form of the request; nothing when it cannot be read, or was found broken before."""
    try:
        return request.form
    except (HTTPException, ValueError):
        return MultiDict()
