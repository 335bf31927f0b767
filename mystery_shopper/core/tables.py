"""Small tables kept as CSV in the package: settings, clocks, limits. An error names the file and the line."""

import csv
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from enum import StrEnum
from importlib.resources import files
from typing import TypeVar

from mystery_shopper.core.errors import ConfigurationError

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")
Name = TypeVar("Name", bound=StrEnum)
FIRST_LINE = 2
"""The line of the first row: the one above it names the columns."""


def read_table(name: str) -> list[str]:
    """Return the lines of a table of the package; `name` is its path inside `mystery_shopper`."""
    return (files("mystery_shopper") / name).read_text(encoding="utf-8").splitlines()


def make_rows(lines: Iterable[str], name: str, make: Callable[[Mapping[str, str]], Made]) -> list[Made]:
    """Return what `make` makes of each row, in order.

    Raises:
        ConfigurationError: `make` cannot read a row; file and line are named.
    """
    made = []
    for number, row in enumerate(csv.DictReader(lines), start=FIRST_LINE):
        try:
            made.append(make(row))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ConfigurationError(f"{name} line {number}: {error}") from error
    return made


def keyed_rows(
    lines: Iterable[str], name: str, make: Callable[[Mapping[str, str]], tuple[Key, Made]]
) -> dict[Key, Made]:
    """Return what `make` makes of each row by the key it gives.

    Raises:
        ConfigurationError: as `make_rows`, or a key stands there twice.
    """
    found: dict[Key, Made] = {}

    def add(row: Mapping[str, str]) -> None:
        key, made = make(row)
        if key in found:
            raise ValueError(f"{key} stands there already")
        found[key] = made

    make_rows(lines, name, add)
    return found


def check_complete(found: Collection[str], wanted: type[StrEnum], name: str) -> None:
    """Refuse a table in which something has no line.

    Raises:
        ConfigurationError: with the file and what is missing.
    """
    missing = [one.value for one in wanted if one not in found]
    if missing:
        raise ConfigurationError(f"{name} has no line for {', '.join(missing)}")


def read_numbers(name: str, wanted: type[Name]) -> Mapping[Name, int]:
    """Return the table of a package that gives each name one number (columns `name`, `value`), whole and above zero.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    found = keyed_rows(read_table(name), name, lambda row: (wanted(row["name"]), whole_above_zero(row["value"])))
    check_complete(found, wanted, name)
    return found


def whole_above_zero(text: str) -> int:
    """Read a whole number above zero, in plain digits.

    Raises:
        ValueError: it is none.
    """
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"{text!r} is not a whole number above zero")
    return int(text)
