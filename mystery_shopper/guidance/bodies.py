"""The bodies that a reporter can be referred to: a data file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mystery_shopper.facts.documents import read_document
from mystery_shopper.guidance.data_schemas import BodySchema
from mystery_shopper.guidance.referring import Body

FILE = Path(__file__).parent / "data" / "bodies.yaml"


def load_bodies(path: Path) -> Mapping[str, Body]:
    """Read the bodies, by id, in the order of the file.

    Raises:
        DocumentError: an entry that is wrong.
    """
    entries = read_document(path).entries(BodySchema(), "bodies")
    return {str(entry["id"]): Body(**entry) for _, entry in entries}  # type: ignore[arg-type]


@cache
def bodies() -> Mapping[str, Body]:
    """Return the bodies that came with the program, read once."""
    return load_bodies(FILE)


def body_of(body_id: str) -> Body:
    """Return a body; one that has left the file keeps its id as its name, so that old referrals can be read."""
    return bodies().get(body_id) or Body(body_id, body_id.replace("-", " "), {}, "", "", "")
