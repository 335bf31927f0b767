"""Bodies that impose requirements: data/imposing_bodies.yaml. What is wrong in the file stops the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from mystery_shopper.core.languages import WELSH, _, current
from mystery_shopper.facts.documents import read_document
from mystery_shopper.suggestions.policy import ForcedBy

DATA_FILE = Path(__file__).parent / "data" / "imposing_bodies.yaml"
OTHER_BODY = "other"
UNKNOWN_BODY = "unknown"
OTHER_TITLE = _("Another body")
UNKNOWN_TITLE = _("I do not know")
MOST_DAYS = 250


@dataclass(frozen=True)
class ImposingBody:
    """A body that imposes requirements. `is_own`: the commissioner's own authority, to which nothing is passed on."""

    id: str
    name: str
    welsh: str
    forces: frozenset[ForcedBy]
    answer_days: int
    is_own: bool

    @property
    def title(self) -> str:
        """Return its name in the current language. What is stored is `name`."""
        return self.welsh if current() == WELSH else self.name


class BodySchema(Schema):
    """One body."""

    id = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"))
    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    welsh = fields.String(required=True, validate=validate.Length(min=1, max=120))
    forces = fields.List(fields.Enum(ForcedBy, by_value=True), required=True, validate=validate.Length(min=1))
    answer_days = fields.Integer(strict=True, validate=validate.Range(1, MOST_DAYS))
    is_own = fields.Boolean(load_default=False)


class BodiesSchema(Schema):
    """The whole file; unknown keys are refused."""

    answer_days = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_DAYS))
    bodies = fields.List(fields.Nested(BodySchema), required=True, validate=validate.Length(min=1))


@dataclass(frozen=True)
class Bodies:
    """The bodies in the order of the file, and the working days one that is not in it is given."""

    answer_days: int
    by_id: Mapping[str, ImposingBody]

    def name_of(self, body_id: str) -> str:
        """Return the name of a body; one the file no longer has keeps its id."""
        if body_id in ("", UNKNOWN_BODY):
            return "Not known"
        if body_id == OTHER_BODY:
            return OTHER_TITLE
        body = self.by_id.get(body_id)
        if body is None:
            return body_id
        return "The commissioner's own authority" if body.is_own else body.name

    def title_of(self, name: str) -> str:
        """Return in the current language the name under which a body was stored; another name as it is."""
        return next((body.title for body in self.by_id.values() if body.name == name), name)

    def forcing(self, force: ForcedBy) -> list[ImposingBody]:
        """Return the bodies to offer for a force."""
        return [body for body in self.by_id.values() if force in body.forces]

    def days_of(self, body_id: str) -> int:
        """Return the working days a body is given to answer."""
        return self.by_id[body_id].answer_days if body_id in self.by_id else self.answer_days


@cache
def imposing_bodies() -> Bodies:
    """Return the bodies of the running service, read once."""
    return load_bodies(DATA_FILE)


def load_bodies(path: Path) -> Bodies:
    """Read a file of bodies.

    Raises:
        DocumentError: the first thing wrong in it, with file and line.
    """
    document = read_document(path)
    raw: dict[str, Any] = document.load(BodiesSchema(), document.data)
    found: dict[str, ImposingBody] = {}
    for place, entry in enumerate(raw["bodies"]):
        if entry["id"] in found or entry["id"] in (OTHER_BODY, UNKNOWN_BODY):
            raise document.error(f"'{entry['id']}' is taken", ("bodies", place, "id"))
        found[entry["id"]] = ImposingBody(
            id=entry["id"],
            name=entry["name"],
            welsh=entry["welsh"],
            forces=frozenset(entry["forces"]),
            answer_days=entry.get("answer_days", raw["answer_days"]),
            is_own=entry["is_own"],
        )
    return Bodies(raw["answer_days"], found)
