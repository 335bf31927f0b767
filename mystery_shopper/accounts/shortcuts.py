"""Keyboard shortcuts of the pages for staff: which there are is data. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.tables import make_rows, read_table

SHORTCUTS_FILE = "accounts/data/shortcuts.csv"


class Does(StrEnum):
    """What a shortcut does in the browser; frontend/shortcuts.js knows these words."""

    LIST = "list"
    SEARCH = "search"
    GO = "go"
    FOLLOW = "follow"
    NEXT = "next"
    PREVIOUS = "previous"
    OPEN = "open"
    CHOOSE = "choose"


@dataclass(frozen=True)
class Shortcut:
    """One shortcut: `keys` are pressed one after another; `target` is an address, or the name of a link of the page.

    `permission` None: for everybody on the staff.
    """

    where: str
    keys: tuple[str, ...]
    does: Does
    target: str
    permission: Permission | None
    words: str


@cache
def shortcuts() -> Sequence[Shortcut]:
    """Return all shortcuts in the order of the file.

    Raises:
        ConfigurationError: a line cannot be read; it is named.
    """
    return tuple(make_rows(read_table(SHORTCUTS_FILE), SHORTCUTS_FILE, _to_shortcut))


def _to_shortcut(row: Mapping[str, str]) -> Shortcut:
    keys = tuple(row["keys"].split())
    if not keys or any(len(key) != 1 for key in keys):
        raise ValueError(row["keys"])
    permission = Permission(row["permission"]) if row["permission"] else None
    return Shortcut(row["where"], keys, Does(row["does"]), row["target"], permission, row["words"])


def shortcuts_for(permissions: Collection[Permission]) -> list[tuple[str, list[Shortcut]]]:
    """Return the shortcuts somebody with these permissions can use, by where they work."""
    usable = [one for one in shortcuts() if one.permission is None or one.permission in permissions]
    return [(where, list(some)) for where, some in groupby(usable, key=lambda one: one.where)]
