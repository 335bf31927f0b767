"""Checklists by kind of case: one file each in data/checklists. What is wrong in a file stops the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.facts.documents import read_document

FOLDER = Path(__file__).parent / "data" / "checklists"
NAME = validate.Regexp(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
WORDS_MAX = 120
HINT_MAX = 300


@dataclass(frozen=True)
class Item:
    """One point. `before_closing`: a case should not be closed while it is open."""

    id: str
    words: str
    hint: str
    before_closing: bool


@dataclass(frozen=True)
class Checklist:
    """A list of points for the cases of some queues; of every queue when it names none.

    `only_with_result`: its points stand against closing only where a case came to a result, not where it ended early.
    """

    id: str
    title: str
    only_with_result: bool
    queues: frozenset[str]
    items: tuple[Item, ...]

    def is_for(self, queue: str) -> bool:
        """Tell whether the list is meant for cases of a queue."""
        return not self.queues or queue in self.queues

    def words_of(self, item_id: str) -> str:
        """Return the words of a point; of one the file no longer has, its id."""
        return next((item.words for item in self.items if item.id == item_id), item_id)


class ItemSchema(Schema):
    """One point."""

    id = fields.String(required=True, validate=NAME)
    words = fields.String(required=True, validate=validate.Length(min=1, max=WORDS_MAX))
    hint = fields.String(load_default="", validate=validate.Length(max=HINT_MAX))
    before_closing = fields.Boolean(load_default=False)


class ChecklistSchema(Schema):
    """One file; unknown keys are refused."""

    id = fields.String(required=True, validate=NAME)
    title = fields.String(required=True, validate=validate.Length(min=1, max=WORDS_MAX))
    only_with_result = fields.Boolean(load_default=False)
    queues = fields.List(fields.String(validate=validate.OneOf(list(QUEUE_LABELS))), load_default=list)
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=validate.Length(min=1))


@cache
def checklists() -> Mapping[str, Checklist]:
    """Return the checklists of the running service by id, read once."""
    return load_checklists(FOLDER)


def load_checklists(folder: Path) -> Mapping[str, Checklist]:
    """Read a folder of checklists, in the order of their file names.

    Raises:
        DocumentError: the first thing wrong, with file and line.
    """
    found: dict[str, Checklist] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = read_document(path)
        raw: dict[str, Any] = document.load(ChecklistSchema(), document.data)
        if raw["id"] in found:
            raise document.error(f"'{raw['id']}' is taken", ("id",))
        seen: set[str] = set()
        for place, entry in enumerate(raw["items"]):
            if entry["id"] in seen:
                raise document.error(f"'{entry['id']}' is taken", ("items", place, "id"))
            seen.add(entry["id"])
        found[raw["id"]] = Checklist(
            id=raw["id"],
            title=raw["title"],
            only_with_result=raw["only_with_result"],
            queues=frozenset(raw["queues"]),
            items=tuple(Item(**entry) for entry in raw["items"]),
        )
    return found


def checklists_for(queue: str, ticked: Sequence[str] = ()) -> list[Checklist]:
    """Return the lists for a case of a queue, and those that were begun while it was in another."""
    return [one for one in checklists().values() if one.is_for(queue) or one.id in ticked]
