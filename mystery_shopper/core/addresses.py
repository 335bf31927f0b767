"""Addresses that come from outside: where the service may send a browser on, and where mail can go."""

import re

MAX_LENGTH = 2000

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_ENCODED_TRICKS = re.compile(r"%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)


def safe_next_path(value: str | None) -> str | None:
    """Return `value` when it is a path of this site that every browser reads the same way, else None.

    Only printable ASCII, one leading slash, no backslash, no empty or dotted segment and no encoded slash, backslash or
    control character in the path. urllib is not asked: it sees no host in half of the forms that browsers follow.
    """
    if not value or len(value) > MAX_LENGTH or not _PRINTABLE.fullmatch(value) or "\\" in value:
        return None
    if not value.startswith("/"):
        return None
    path = re.split(r"[?#]", value, maxsplit=1)[0]
    segments = path.split("/")[1:]
    if "" in segments[:-1] or "." in segments or ".." in segments:
        return None
    if _ENCODED_TRICKS.search(path) or "%2e" in path.lower():
        return None
    return value


def is_email(address: str) -> bool:
    """Tell whether a text has the form of an address for mail."""
    local, at, domain = address.rpartition("@")
    return bool(local and at and "." in domain.strip(".") and not re.search(r"\s", address))
