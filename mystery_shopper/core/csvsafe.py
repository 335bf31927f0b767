"""Cells that a spreadsheet cannot take for a formula, and how to read them back unchanged."""

import csv
import io
from collections.abc import Iterable, Sequence

GUARD = "'"
FORMULA_STARTS = frozenset("=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20")


def safe_cell(text: str) -> str:
    """Return a cell that opens as text: one that would start a formula gets an apostrophe before it.

    A cell that already has apostrophes before such a start gets one more, so that `original_cell` is exact.
    """
    return GUARD + text if _starts_formula(text) else text


def original_cell(text: str) -> str:
    """Return what `safe_cell` was given. A cell it would not have changed comes back as it is."""
    return text[1:] if text.startswith(GUARD) and _starts_formula(text) else text


def csv_line(cells: Iterable[str]) -> str:
    """Return one line of a CSV file: safe cells, every cell quoted, ended by CR LF (RFC 4180)."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue()


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a whole CSV file: the line of column names, then one line for each row."""
    return "".join(csv_line(cells) for cells in (columns, *rows))


def _starts_formula(text: str) -> bool:
    return text.lstrip(GUARD)[:1] in FORMULA_STARTS and text.lstrip(GUARD) != ""
