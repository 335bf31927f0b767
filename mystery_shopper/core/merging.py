"""Three texts of one form become one, pure: where a person started, what they typed, what another saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Settled(StrEnum):
    """Which text of a field stands."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    CLASH = "clash"


@dataclass(frozen=True)
class Entry:
    """What a field holds: `value` is compared, `words` are read."""

    value: str
    words: str


@dataclass(frozen=True)
class MergedField:
    """One field of a form that two people changed; `ancestor` is None where it was not kept."""

    name: str
    ancestor: Entry | None
    mine: Entry
    theirs: Entry
    settled: Settled


def merge_entries(
    ancestor: Mapping[str, Entry] | None, mine: Mapping[str, Entry], theirs: Mapping[str, Entry]
) -> list[MergedField]:
    """Return every field of `mine` with the text that stands.

    A field only one of the two changed takes that change. Where both did, or where nobody knows what it was, it is a
    clash, and a person decides.
    """
    found = []
    for name, own in mine.items():
        before = None if ancestor is None else ancestor.get(name)
        other = theirs.get(name, before or own)
        found.append(MergedField(name, before, own, other, settle(before, own, other)))
    return found


def settle(before: Entry | None, mine: Entry, theirs: Entry) -> Settled:
    """Return which of the texts stands."""
    if mine.value == theirs.value:
        return Settled.SAME
    if before is None:
        return Settled.CLASH
    if mine.value == before.value:
        return Settled.THEIRS
    return Settled.MINE if theirs.value == before.value else Settled.CLASH
