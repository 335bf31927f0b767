"""Read the Welsh pages beside the English ones: the same headings, paragraphs, links and figures in the same places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from mystery_shopper.facts.documents import Document, DocumentError
from mystery_shopper.guidance.data_schemas import TranslationSchema
from mystery_shopper.guidance.markup import Rendered
from mystery_shopper.guidance.policy import Block, GuidancePage, Language, Library, Translation
from mystery_shopper.guidance.reading_files import read_date, read_parts, render_body

_SHAPES = {"h2": "a heading ##", "h3": "a heading ###", "li": "a list item", "td": "a cell", "th": "a cell"}


def load_welsh(folder: Path, english: Library) -> Mapping[str, GuidancePage]:
    """Read the Welsh pages of a folder, by slug. What is not written in the file is taken from the English page.

    Raises:
        DocumentError: a page that is wrong, has no English page, or differs from it in more than its words.
    """
    return {path.stem: _read_page(path, english) for path in sorted(folder.glob("*.md"))}


def missing_welsh(welsh: Library) -> list[GuidancePage]:
    """Return the pages that have no Welsh: readers of Welsh see them in English."""
    return [page for page in welsh if page.language is Language.ENGLISH]


def _read_page(path: Path, english: Library) -> GuidancePage:
    original = english.find(path.stem)
    if original is None:
        raise DocumentError(f"there is no English page '{path.stem}'", path=path, line=1)
    document, body, first_line = read_parts(path)
    loaded = document.load(TranslationSchema(), document.data)
    names = [str(name) for name in loaded["english"]]  # type: ignore[attr-defined]
    rendered = render_body(
        document, body, original.sources, first_line=first_line, language=Language.WELSH, english=names
    )
    _check_names(document, names, rendered)
    _check_blocks(path, original.blocks, rendered.blocks)
    return replace(
        original,
        title=str(loaded["title"]),
        summary=str(loaded["summary"]),
        language=Language.WELSH,
        translation=Translation(str(loaded["translation"])),
        translated_from=read_date(document, loaded["translated_from"], "translated_from"),
        html=rendered.html,
        text=rendered.text,
        headings=rendered.headings,
        links=rendered.links,
        blocks=rendered.blocks,
    )


def _check_names(document: Document, names: list[str], rendered: Rendered) -> None:
    """Refuse a name that stays English but is not on the page."""
    for at, name in enumerate(names):
        if name not in rendered.english:
            raise document.error(f"'{name}' is not in the text", ("english", at))


def _check_blocks(path: Path, english: tuple[Block, ...], welsh: tuple[Block, ...]) -> None:
    """Refuse the first block that is not what stands in the same place on the English page."""
    last = welsh[-1].line
    for ours, theirs in zip_longest(welsh, english):
        problem = _difference(ours, theirs)
        if problem:
            raise DocumentError(problem, path=path, line=ours.line if ours else last)


def _difference(welsh: Block | None, english: Block | None) -> str:
    """Return how a block differs from the English one; nothing when only its words do."""
    if english is None:
        return "the English page has ended before this"
    where = f"line {english.line} of the English page"
    if welsh is None:
        return f"the page ends here, but {where} has {_name(english)}"
    if welsh.shape != english.shape:
        return f"this is {_name(welsh)}, but {where} has {_name(english)}"
    if welsh.links != english.links:
        return f"other links than in {where}: {', '.join(english.links) or 'none'}"
    if welsh.figures != english.figures:
        return f"other figures than in {where}: {', '.join(english.figures) or 'none'}"
    return ""


def _name(block: Block) -> str:
    return next((_SHAPES[tag] for tag in block.shape.split(">") if tag in _SHAPES), "a paragraph")
