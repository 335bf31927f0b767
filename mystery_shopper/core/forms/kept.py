"""What a page sent that could not be taken: kept, so that nobody has to type it again."""

from flask import request

SECRET_FIELDS = frozenset({"password", "new_password", "current", "code"})
CARRIED_FIELDS = frozenset({"csrf_token", "draft", "version", "submission_id", "seen", "return_to", "save", "send"})
"""What a page carries for the service; the person did not type it."""


def kept_fields() -> list[tuple[str, str]]:
    """Return what a page sent, so that it can be sent again; nothing when a password or a code is among it."""
    if request.method != "POST" or SECRET_FIELDS & set(request.form):
        return []
    return list(request.form.items(multi=True))


def typed_texts() -> list[str]:
    """Return the texts (more than one word) that a person typed into a page; not what they chose from a list."""
    return [value for name, value in kept_fields() if name not in CARRIED_FIELDS and len(value.split()) > 1]
