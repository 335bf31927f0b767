"""The parts of a page's file: what stands above the text, and the text, with the lines of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mystery_shopper.facts.documents import Document, DocumentError, parse_document
from mystery_shopper.guidance import markup
from mystery_shopper.guidance.policy import Language, Source

FENCE = "---"


def read_parts(path: Path) -> tuple[Document, str, int]:
    """Return what stands between the two lines of hyphens, the text below them, and the line the text begins on.

    Raises:
        DocumentError: a file without these parts, or with something else than YAML between the hyphens.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[0].rstrip() != FENCE:
        raise DocumentError("the first line must be three hyphens", path=path, line=1)
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        raise DocumentError("three hyphens must end what stands above the text", path=path, line=len(lines))
    document = parse_document("\n".join(["", *lines[1:end]]), path)
    return document, "\n".join(lines[end + 1 :]), end + 2


def render_body(
    document: Document,
    body: str,
    sources: Sequence[Source],
    *,
    first_line: int,
    language: Language = Language.ENGLISH,
    english: Sequence[str] = (),
) -> markup.Rendered:
    """Return the text of a page as markup, with the lines of its file.

    Raises:
        DocumentError: no text, or one that `markup.render` refuses.
    """
    if not body.strip():
        raise DocumentError("the page has no text", path=document.path, line=first_line)
    try:
        rendered = markup.render(body, sources, language, english)
    except markup.MarkupError as error:
        raise DocumentError(error.message, path=document.path, line=first_line + error.line - 1) from None
    return replace(
        rendered,
        links=tuple((first_line + line - 1, address) for line, address in rendered.links),
        blocks=tuple(replace(block, line=first_line + block.line - 1) for block in rendered.blocks),
    )


def read_date(document: Document, value: object, key: str) -> date:
    """Return a day that stands above the text.

    Raises:
        DocumentError: it is no day.
    """
    if not isinstance(value, date):
        raise document.error(f"{key}: must be a date like 2026-11-25", (key,))
    return value
