"""What each operator decides for itself about the remit: data/remit.csv. Pure."""

import csv
from functools import cache
from importlib.resources import files

from mystery_shopper.core.errors import ConfigurationError

LEGAL_PROCEEDINGS = "legal-proceedings"
ALLOWED = {LEGAL_PROCEEDINGS: ("elsewhere", "check")}


@cache
def remit() -> dict[str, str]:
    """Return the settings by name.

    Raises:
        ConfigurationError: one is missing, unknown, or has a value it cannot have; the line is named.
    """
    text = (files("mystery_shopper.cases") / "data" / "remit.csv").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line, cells in enumerate(csv.DictReader(text.splitlines()), start=2):
        name, value = str(cells["setting"]), str(cells["value"])
        if value not in ALLOWED.get(name, ()):
            raise ConfigurationError(f"cases/data/remit.csv line {line}: {name} cannot be {value!r}")
        found[name] = value
    missing = ALLOWED.keys() - found.keys()
    if missing:
        raise ConfigurationError(f"cases/data/remit.csv lacks {', '.join(sorted(missing))}")
    return found
