"""Plain text and tables as text: known by what they hold, for they have no mark of their own."""

import csv
import io
import re
from typing import BinaryIO

from mystery_shopper.core.csvsafe import safe_cell
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.text import clean_text
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.policy import Kind, Reason

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
UNUSED_IN_WINDOWS = re.compile(r"[\x80-\x9f]")
MARKUP_WITHIN = 4096
MARKUP = re.compile(
    r"\A\s*(?:<[?!%a-z]|#!|\{\\rtf|%!PS|\[InternetShortcut\]|\[Desktop Entry\]|\[autorun\])"
    r"|<(?:!doctype|html|head|script|iframe|svg|body|object|embed|meta|hta:application)\b|<\?(?:xml|php)",
    re.IGNORECASE,
)
DELIMITERS = (",", ";", "\t")
TABLE_LINES = 20
TABLE_LINES_MIN = 2
NOTHING = (TypeError, ValueError, csv.Error, DomainError)


def decode(data: bytes) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark, or Windows-1252 as old programs write it.

    Raises:
        RefusedError: they are no text.
    """
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _decode_old(data)
    if CONTROLS.search(text):
        raise RefusedError(Reason.WRONG_TYPE)
    return text


def _decode_old(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise RefusedError(Reason.WRONG_TYPE) from error
    if UNUSED_IN_WINDOWS.search(text):
        raise RefusedError(Reason.WRONG_TYPE)
    return text


def inspect(text: str) -> Kind:
    """Return whether a text is a table.

    Raises:
        RefusedError: it is a page, a script, a shortcut: something a program would run or draw.
    """
    if MARKUP.search(text[:MARKUP_WITHIN]):
        raise RefusedError(Reason.WRONG_TYPE)
    return Kind.CSV if _delimiter(text) else Kind.TEXT


def _delimiter(text: str) -> str:
    """Return what parts the cells of a table, nothing for a text: the same count of it in every line."""
    lines = [line for line in text.splitlines()[:TABLE_LINES] if line.strip()]
    if len(lines) < TABLE_LINES_MIN:
        return ""
    for delimiter in DELIMITERS:
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
        except csv.Error:
            continue
        if len(widths) == 1 and widths.pop() > 1:
            return delimiter
    return ""


def clean(kind: Kind, file: BinaryIO, out: BinaryIO) -> None:
    """Write a text as UTF-8 without what cannot be seen; a table also without what a spreadsheet would run.

    Raises:
        CannotCleanError: it is no text.
    """
    try:
        text = clean_text(decode(file.read()))
        out.write((_table(text) if kind is Kind.CSV else text + "\n").encode())
    except (RefusedError, *NOTHING) as error:
        raise CannotCleanError("The text holds characters that no text holds") from error


def _table(text: str) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    for row in csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text) or ","):
        writer.writerow([safe_cell(cell) for cell in row])
    return written.getvalue()
