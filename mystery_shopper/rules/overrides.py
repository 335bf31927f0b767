"""Figures of a pack that an office has set for itself: a file `overrides.yaml` beside the pack's own files.

Only a figure that is an assumption of the project can be set, because the others are law or published policy. The new
value takes the place of the one in force now, for every procurement that value holds for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from marshmallow import Schema, fields

from mystery_shopper.facts.documents import read_document
from mystery_shopper.rules.compiler import Place
from mystery_shopper.rules.results import Basis

OVERRIDES_FILE = "overrides.yaml"
SOURCE = "Figure set by this office; no figure in law"

Entry = tuple[Place, dict[str, object]]


class OverrideSchema(Schema):
    """One figure: the id of a dated value, and what it is now (money in pounds)."""

    id = fields.String(required=True)
    value = fields.Raw(required=True)


def write_overrides(values: Mapping[str, str]) -> str:
    """Return the text of the file for these figures, as written, in order of their ids (money in pounds)."""
    lines = [f"  - {{id: {name}, value: {values[name]}}}\n" for name in sorted(values)]
    return "overrides:\n" + "".join(lines) if lines else "overrides: []\n"


def overridden(directory: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of parameters.yaml with the figures of overrides.yaml in them.

    Raises:
        DocumentError: a figure that is not there, is not an assumption, or is a table.
    """
    path = directory / OVERRIDES_FILE
    if not path.exists():
        return list(entries)
    document = read_document(path)
    known = {str(entry["id"]): index for index, (_, entry) in enumerate(entries)}
    changed = list(entries)
    for trail, override in document.entries(OverrideSchema(), "overrides"):
        place = Place(document, trail)
        index = known.get(str(override["id"]))
        if index is None:
            raise place.at("id").error(f"there is no figure '{override['id']}'")
        changed[index] = _set(place, changed[index], override["value"])
    return changed


def _set(place: Place, entry: Entry, value: object) -> Entry:
    where, content = entry
    if content["basis"] != Basis.PROJECT_ASSUMPTION:
        raise place.at("id").error(f"'{content['id']}' is not an assumption of the project, so it cannot be set")
    rows = content["values"]
    open_rows = _open_rows(rows)
    if content["by"] or not isinstance(rows, list) or len(open_rows) != 1:
        raise place.at("id").error(f"'{content['id']}' is not a single figure in force now, so it cannot be set")
    index = open_rows[0]
    row = {**rows[index], "value": value, "source": SOURCE}
    return where, {**content, "values": [*rows[:index], row, *rows[index + 1 :]]}


def _open_rows(rows: object) -> list[int]:
    found = rows if isinstance(rows, list) else []
    return [index for index, row in enumerate(found) if isinstance(row, dict) and "ends_on" not in row]
