"""The reference of a case in the file series of the office that runs the service. Pure: a scheme is data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.tables import make_rows, read_table

SERIES_FILE = "cases/data/series.csv"


@dataclass(frozen=True)
class Series:
    """How references are written from a day on; `pattern` holds {year} and {number}."""

    starts_on: date
    pattern: str


@cache
def series() -> tuple[Series, ...]:
    """Return the schemes, the oldest first.

    Raises:
        ConfigurationError: a line cannot be read, or no two numbers would differ.
    """
    return read_series(read_table(SERIES_FILE))


def read_series(lines: Sequence[str]) -> tuple[Series, ...]:
    """Return the schemes a file describes; see `series`."""
    found = tuple(sorted(make_rows(lines, SERIES_FILE, _series), key=lambda one: one.starts_on))
    if not found:
        raise ConfigurationError(f"{SERIES_FILE} has no line")
    return found


def _series(row: Mapping[str, str]) -> Series:
    pattern = row["pattern"]
    made = {pattern.format(year=year, number=number) for year in (2025, 2026) for number in (1, 2)}
    if len(made) < 4:
        raise ValueError(f"{pattern} does not tell every year and number apart")
    return Series(date.fromisoformat(row["from"]), pattern)


def series_reference(reference: str, received_on: date) -> str:
    """Return the file reference of a case by its staff reference (MS-2026-00417): a later scheme renames no older case.

    Before the first scheme the first one is used.
    """
    known = series()
    scheme = next((one for one in reversed(known) if one.starts_on <= received_on), known[0])
    _, year, number = reference.split("-")
    return scheme.pattern.format(year=int(year), number=int(number))
