"""Rows of a register file (CSV), read with every bad cell named by line and column. Pure."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from mystery_shopper.authorities.policy import (
    AuthorityClass,
    AuthorityType,
    Classes,
    Nation,
    Scope,
    default_scope,
    derive_classes,
)
from mystery_shopper.core.csvsafe import original_cell
from mystery_shopper.core.text import TextNotAllowedError, clean_line

NAME_MAX = 200
SUBTYPE_MAX = 60
SOURCE_MAX = 120
LINES_MAX = 50_000

COLUMN_SYNONYMS: Mapping[str, str] = {"pprs_scope": "scheme_scope", "scope": "scheme_scope"}
CLASS_COLUMNS = ("pcr_threshold_class", "pcr_contracts_finder_class", "pa23_class")
TYPE_SYNONYMS: Mapping[str, str] = {
    "central": "central-government",
    "local": "local-authority",
    "education": "university",
}
SCOPE_SYNONYMS: Mapping[str, str] = {"check-devolved": "check"}
NATION_SYNONYMS: Mapping[str, str] = {
    "uk": "united-kingdom",
    "uk-and-overseas": "united-kingdom",
    "england-wales": "england-and-wales",
}

SUBTYPE_SYNONYMS: Mapping[str, str] = {"trust": "nhs-trust", "foundation-trust": "nhs-foundation-trust"}

Member = TypeVar("Member", bound=str)


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read. `line` counts from 1, the line of column names included; `column` may be empty."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """Say where the problem is and what it is."""
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.message}"


class BadCellError(ValueError):
    """A cell does not hold what its column asks for."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class RegisterRow:
    """One authority as a file states it."""

    line: int
    name: str
    type: AuthorityType
    subtype: str
    parent: str
    nation: Nation
    classes: Classes
    scope: Scope
    aliases: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    successors: tuple[str, ...] = ()
    source: str = ""
    source_id: str = ""


@dataclass
class RowsRead:
    """What was read, and what could not be."""

    rows: list[RegisterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_rows(text: str) -> RowsRead:
    """Read a register file: a line of column names, then one authority a line. `name` and `type` are required.

    Columns that are not known are passed over; blank class and scope cells are filled from the kind of body.
    """
    read = RowsRead()
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        columns = [_column(name) for name in reader.fieldnames or ()]
        missing = [column for column in ("name", "type") if column not in columns]
        if missing:
            return RowsRead(problems=[Problem(1, column, "this column is missing") for column in missing])
        reader.fieldnames = columns
        _read_lines(reader, read)
    except csv.Error as error:
        read.problems.append(Problem(reader.line_num or 1, "", f"this is not a CSV file ({error})"))
    return read


def _read_lines(reader: "csv.DictReader[str]", read: RowsRead) -> None:
    seen: dict[str, int] = {}
    for cells in reader:
        line = reader.line_num
        if line > LINES_MAX:
            read.problems.append(Problem(line, "", f"the file has more than {LINES_MAX:,} lines"))
            return
        if not isinstance(cells.get("name"), str) or None in cells or None in cells.values():
            read.problems.append(Problem(line, "", "the line has more or fewer cells than there are columns"))
            continue
        try:
            row = read_row(cells, line)
        except BadCellError as error:
            read.problems.append(Problem(line, error.column, str(error)))
            continue
        first = seen.setdefault(row.name.casefold(), line)
        if first != line:
            read.problems.append(Problem(line, "name", f"'{row.name}' is on line {first} already"))
        else:
            read.rows.append(row)


def read_row(cells: Mapping[str, str], line: int = 0) -> RegisterRow:
    """Read one row from cells by column name.

    Raises:
        BadCellError: a cell does not hold what its column asks for.
    """
    text = {column: _line(column, value) for column, value in cells.items()}
    type_ = _member(AuthorityType, "type", text.get("type", ""), TYPE_SYNONYMS)
    stated = _limited("subtype", _kebab(text.get("subtype", "")), SUBTYPE_MAX)
    subtype = SUBTYPE_SYNONYMS.get(stated, stated)
    nation = _nation(text.get("nation", ""))
    scope = text.get("scheme_scope", "")
    starts_on, ends_on = _day("starts_on", text), _day("ends_on", text)
    if starts_on and ends_on and ends_on <= starts_on:
        raise BadCellError("ends_on", "the last day must be after the first")
    return RegisterRow(
        line=line,
        name=_name("name", text.get("name", "")),
        type=type_,
        subtype=subtype,
        parent=_limited("parent", text.get("parent", ""), NAME_MAX),
        nation=nation,
        classes=_classes(text, derive_classes(type_, subtype)),
        scope=_member(Scope, "scheme_scope", scope, SCOPE_SYNONYMS) if scope else default_scope(type_, nation),
        aliases=_several("aliases", text),
        starts_on=starts_on,
        ends_on=ends_on,
        successors=_several("successor", text),
        source=_limited("source", text.get("source", ""), SOURCE_MAX),
        source_id=_limited("source_id", text.get("source_id", ""), SOURCE_MAX),
    )


def _column(name: str) -> str:
    tidy = name.strip().casefold().replace(" ", "_")
    return COLUMN_SYNONYMS.get(tidy, tidy)


def _kebab(text: str) -> str:
    return "-".join(part for part in text.casefold().replace("_", " ").replace("-", " ").split())


def _line(column: str, value: str) -> str:
    try:
        return clean_line(original_cell(value))
    except TextNotAllowedError as error:
        raise BadCellError(column, "this holds a character that cannot be stored") from error


def _limited(column: str, text: str, length: int) -> str:
    if len(text) > length:
        raise BadCellError(column, f"this has more than {length} characters")
    return text


def _name(column: str, text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise BadCellError(column, "enter a name")
    return _limited(column, text, NAME_MAX)


def _several(column: str, text: Mapping[str, str]) -> tuple[str, ...]:
    parts = (part.strip() for part in text.get(column, "").split("|"))
    return tuple(dict.fromkeys(_name(column, part) for part in parts if part))


def _member(
    enum_class: Callable[[str], Member], column: str, cell: str, synonyms: Mapping[str, str] | None = None
) -> Member:
    value = _kebab(cell)
    try:
        return enum_class((synonyms or {}).get(value, value))
    except ValueError:
        raise BadCellError(column, f"'{cell}' is not one of the values of this column") from None


def _nation(cell: str) -> Nation:
    if not cell:
        return Nation.ENGLAND
    value = _kebab(cell)
    try:
        return Nation(NATION_SYNONYMS.get(value, value))
    except ValueError:
        pass
    named = [nation for nation in ("england", "wales", "scotland", "northern-ireland") if nation in value]
    rest = value
    for nation in [*named, "and"]:
        rest = rest.replace(nation, "")
    if len(named) < 2 or rest.strip("-"):
        raise BadCellError("nation", f"'{cell}' is not a nation or a list of nations")
    return Nation.SEVERAL


def _classes(text: Mapping[str, str], derived: Classes) -> Classes:
    stated = [_class(column, text.get(column, "")) for column in CLASS_COLUMNS]
    return Classes(
        pcr_threshold=stated[0] or derived.pcr_threshold,
        pcr_contracts_finder=stated[1] or derived.pcr_contracts_finder,
        pa23=stated[2] or derived.pa23,
    )


def _class(column: str, cell: str) -> AuthorityClass | None:
    return _member(AuthorityClass, column, cell) if cell else None


def _day(column: str, text: Mapping[str, str]) -> date | None:
    cell = text.get(column, "")
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise BadCellError(column, f"'{cell}' is not a date like 2024-04-01") from None
