"""Reading the scheme's seven-column file: cleaning of spaces and of text that was decoded wrongly. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mystery_shopper.core.csvsafe import original_cell
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.text import clean_line, clean_text
from mystery_shopper.publication.policy import COLUMNS, TEXT_MAX, import_reference, month_number
from mystery_shopper.publication.taxonomy import taxonomy

FIRST_YEAR = 2011
LAST_YEAR = 2100
NAME_MAX = 200
WORDS_MAX = 120
MAX_FILE_BYTES = 50_000_000
REPLACEMENT = "\ufffd"

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FOLLOWERS = "".join(chr(byte) + bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xC0))
_WRONGLY_DECODED = re.compile(f"[\u00c2\u00c3\u00e2][{re.escape(_FOLLOWERS)}]+")
_ROUNDS = 2


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a file: the line (from 1, as an editor counts) and the column, empty for the whole line."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class ImportedRow:
    """One clean row. `reference` is the same whenever the same row is read again."""

    line: int
    reference: str
    year: int
    month: int
    authority: str
    subject: str
    sub_issue: str
    issue: str
    outcome: str


@dataclass(frozen=True)
class ReadFile:
    """The rows of a file, what is wrong in it, and how many cells had to be repaired."""

    rows: tuple[ImportedRow, ...]
    problems: tuple[Problem, ...]
    repaired: int


class WrongFileError(DomainError):
    """This is not a results file."""


def read_results(content: bytes) -> ReadFile:
    """Read a results file. Lines that cannot be used become problems, never guesses.

    Raises:
        WrongFileError: not text, too large, or not the seven columns.
    """
    reader = csv.reader(io.StringIO(_decode(content), newline=""), strict=True)
    rows: list[ImportedRow] = []
    problems: list[Problem] = []
    seen: Counter[tuple[str, ...]] = Counter()
    repaired = 0
    lines = _lines(reader, problems)
    _check_header(next(lines, (1, ()))[1])
    for line, cells in lines:
        clean = tuple(clean_cell(cell) for cell in cells)
        repaired += sum(before != after for before, after in zip(cells, clean, strict=True))
        found = _row_problems(line, clean)
        if found:
            problems += found
            continue
        unified = _unify(clean)
        rows.append(_to_row(line, unified, seen[unified]))
        seen[unified] += 1
    return ReadFile(tuple(rows), tuple(sorted(problems)), repaired)


def _decode(content: bytes) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise WrongFileError(f"The file is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    if b"\x00" in content:
        raise WrongFileError("The file is not a CSV file in UTF-8 or Windows-1252")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines(reader: Iterator[list[str]], problems: list[Problem]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each line with its number; blank lines are skipped, broken ones become problems."""
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.append(Problem(line, "", f"cannot be read ({error})"))
            return
        if cells is None:
            return
        here, line = line, reader.line_num + 1  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if here > 1 and len(cells) != len(COLUMNS):
            problems.append(Problem(here, "", f"has {len(cells)} cells instead of {len(COLUMNS)}"))
            continue
        yield here, cells


def _check_header(cells: Sequence[str]) -> None:
    found = tuple(clean_cell(cell).casefold() for cell in cells)
    if found != tuple(column.casefold() for column in COLUMNS):
        raise WrongFileError(f"The first line must be: {','.join(COLUMNS)}")


def clean_cell(text: str) -> str:
    """Return a cell without the guard of spreadsheets, with its encoding repaired and its spaces plain."""
    repaired = _SPACES.sub(" ", repair_encoding(original_cell(text)))
    return "\n".join(" ".join(line.split()) for line in clean_text(repaired).split("\n")).strip()


def repair_encoding(text: str) -> str:
    """Return text whose UTF-8 was once read as Windows-1252 (a pound sign that became two characters) as it was.

    A run of characters is changed only when its bytes are exact UTF-8; two rounds undo what happened twice.
    """
    for _ in range(_ROUNDS):
        text = _WRONGLY_DECODED.sub(_repaired, text)
    return text


def _repaired(match: re.Match[str]) -> str:
    run = match.group()
    try:
        return _as_bytes(run).decode("utf-8")
    except UnicodeError:
        return run


def _as_bytes(run: str) -> bytes:
    return b"".join(bytes([ord(char)]) if ord(char) < 0x100 else char.encode("cp1252") for char in run)


def _row_problems(line: int, cells: tuple[str, ...]) -> list[Problem]:
    year, month, authority, subject, sub_issue, issue, outcome = cells
    checks = (
        ("Year", _is_year(year), f"must be a year from {FIRST_YEAR}, like 2018"),
        ("Month", month_number(month) is not None, "must be a month, like January or 1"),
        ("Authority", bool(authority), "must not be empty"),
        ("Authority", len(authority) <= NAME_MAX, f"must be {NAME_MAX} characters or fewer"),
        ("Subject", bool(subject), "must not be empty"),
        ("Subject", len(subject) <= WORDS_MAX, f"must be {WORDS_MAX} characters or fewer"),
        ("Sub Issue", len(sub_issue) <= WORDS_MAX, f"must be {WORDS_MAX} characters or fewer"),
        ("Case Issue", bool(issue), "must not be empty"),
        ("Case Issue", len(issue) <= TEXT_MAX, f"must be {TEXT_MAX} characters or fewer"),
        ("Case Outcome", bool(outcome), "must not be empty"),
        ("Case Outcome", len(outcome) <= TEXT_MAX, f"must be {TEXT_MAX} characters or fewer"),
    )
    problems = [Problem(line, column, message) for column, is_right, message in checks if not is_right]
    for column, cell in zip(COLUMNS, cells, strict=True):
        if REPLACEMENT in cell:
            problems.append(Problem(line, column, "holds a character that was lost when the file was made"))
    return problems


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text[:6]) <= LAST_YEAR


def _unify(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a good row in the one form in which equal rows are equal."""
    year, month, authority, subject, sub_issue, issue, outcome = cells
    return (
        year,
        str(month_number(month)),
        clean_line(authority),
        taxonomy().known_subject(clean_line(subject)),
        taxonomy().known_sub_issue(clean_line(sub_issue)),
        issue,
        outcome,
    )


def _to_row(line: int, cells: tuple[str, ...], occurrence: int) -> ImportedRow:
    year, month, authority, subject, sub_issue, issue, outcome = cells
    return ImportedRow(
        line=line,
        reference=import_reference(cells, occurrence),
        year=int(year),
        month=int(month),
        authority=authority,
        subject=subject,
        sub_issue=sub_issue,
        issue=issue,
        outcome=outcome,
    )
