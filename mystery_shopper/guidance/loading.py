"""Read the pages of guidance from their folder and check them whole; an error names the file and the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from mystery_shopper.facts.documents import Document, DocumentError, read_document
from mystery_shopper.guidance.data_schemas import FrontMatterSchema, SectionSchema
from mystery_shopper.guidance.policy import Audience, GuidancePage, Language, Library, Section, Source, make_library
from mystery_shopper.guidance.reading_files import read_date, read_parts, render_body
from mystery_shopper.guidance.translating import load_welsh
from mystery_shopper.rules.loading import shipped_catalogue

DATA = Path(__file__).parent / "data"
T = TypeVar("T")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
RESERVED = frozenset({"search", "right-to-provide"})
"""Addresses under /guidance that are no pages of the library."""


def library(language: Language = Language.ENGLISH) -> Library:
    """Return the pages that came with the program, read once. A page that has no Welsh stands there in English.

    Raises:
        DocumentError: a page that is wrong.
    """
    return _shipped()[language]


@cache
def _shipped() -> Mapping[Language, Library]:
    return load_libraries(DATA, {rule.id for rule in shipped_catalogue().rules})


def load_libraries(folder: Path, rule_ids: Iterable[str]) -> Mapping[Language, Library]:
    """Read every page of a folder in each language: the Welsh ones are in `pages/cy`.

    Raises:
        DocumentError: a page that is wrong, by itself or beside the others.
    """
    english = load_library(folder, rule_ids)
    welsh = load_welsh(folder / "pages" / Language.WELSH.value, english)
    sections = read_sections(folder / "sections.yaml", Language.WELSH)
    return {
        Language.ENGLISH: english,
        Language.WELSH: make_library(sections, [welsh.get(page.slug, page) for page in english]),
    }


def load_library(folder: Path, rule_ids: Iterable[str]) -> Library:
    """Read every English page of a folder: `sections.yaml`, and the pages in `pages/*.md`.

    Raises:
        DocumentError: a page that is wrong, by itself or beside the others.
    """
    sections = read_sections(folder / "sections.yaml", Language.ENGLISH)
    known = frozenset(rule_ids)
    read = [_read_page(path) for path in sorted((folder / "pages").glob("*.md"))]
    slugs = {page.slug for _, page in read}
    for document, page in read:
        _check_page(document, page, sections={section.id for section in sections}, rules=known, slugs=slugs)
    return make_library(sections, [page for _, page in read])


def read_sections(path: Path, language: Language) -> list[Section]:
    """Read the headings of the index in a language.

    Raises:
        DocumentError: an entry that is wrong, or has no words in one of the languages.
    """
    entries = read_document(path).entries(SectionSchema(), "sections")
    return [
        Section(str(entry["id"]), entry["title"][language.value], entry["summary"][language.value])  # type: ignore[index]
        for _, entry in entries
    ]


def _read_page(path: Path) -> tuple[Document, GuidancePage]:
    """Read one page: the front matter between two lines of hyphens, then the text."""
    if not _SLUG.match(path.stem) or path.stem in RESERVED:
        raise DocumentError(f"'{path.stem}' cannot be the name of a page", path=path, line=1)
    document, body, first_line = read_parts(path)
    return document, _make_page(document, body, first_line=first_line)


def _make_page(document: Document, body: str, *, first_line: int) -> GuidancePage:
    loaded = document.load(FrontMatterSchema(), document.data)
    reviewed_on = read_date(document, loaded.pop("reviewed_on"), "reviewed_on")
    sources = tuple(Source(**entry) for entry in loaded.pop("sources"))  # type: ignore[attr-defined]
    rendered = render_body(document, body, sources, first_line=first_line)
    _check_sources(document, sources, rendered.cited)
    return GuidancePage(
        slug=document.path.stem,
        title=str(loaded["title"]),
        summary=str(loaded["summary"]),
        audience=_tuple_of(loaded["audience"], Audience),
        section=str(loaded["section"]),
        order=int(str(loaded["order"])),
        rules=_tuple_of(loaded["rules"], str),
        related=_tuple_of(loaded["related"], str),
        sources=sources,
        reviewed_on=reviewed_on,
        language=Language(str(loaded["language"])),
        shows_wording=bool(loaded["shows_wording"]),
        html=rendered.html,
        text=rendered.text,
        headings=rendered.headings,
        links=rendered.links,
        blocks=rendered.blocks,
    )


def _tuple_of(values: object, kind: type[T]) -> tuple[T, ...]:
    return tuple(value for value in values if isinstance(value, kind))  # type: ignore[attr-defined]


def _check_sources(document: Document, sources: tuple[Source, ...], cited: frozenset[str]) -> None:
    """Refuse a source that is given twice, and one that the text never names."""
    seen: set[str] = set()
    for at, source in enumerate(sources):
        trail = ("sources", at)
        if source.id in seen:
            raise document.error(f"source '{source.id}' is given twice", trail)
        seen.add(source.id)
        if source.id not in cited:
            raise document.error(f"source '{source.id}' is not named in the text: link to source:{source.id}", trail)


def _check_page(
    document: Document, page: GuidancePage, *, sections: set[str], rules: frozenset[str], slugs: set[str]
) -> None:
    """Refuse what leads nowhere: an unknown section, rule or page, a link to a page or heading that is not there."""
    if page.section not in sections:
        raise document.error(f"there is no section '{page.section}'", ("section",))
    for at, rule_id in enumerate(page.rules):
        if rule_id not in rules:
            raise document.error(f"there is no rule '{rule_id}'", ("rules", at))
    for at, slug in enumerate(page.related):
        if slug not in slugs or slug == page.slug:
            raise document.error(f"there is no other page '{slug}'", ("related", at))
    anchors = {heading.anchor for heading in page.headings}
    for line, address in page.links:
        problem = _broken(address, slugs, anchors)
        if problem:
            raise DocumentError(problem, path=document.path, line=line)


def _broken(address: str, slugs: set[str], anchors: set[str]) -> str:
    """Return what is wrong with a link; nothing when it leads somewhere in the library, or out of it."""
    if address.startswith("#") and address[1:] not in anchors:
        return f"there is no heading '{address}' on this page"
    path, _, anchor = address.partition("#")
    if anchor and path.startswith("/"):
        return f"'{address}' must lead to a page, not into one"
    folder, _, slug = path.rpartition("/")
    if folder == "/guidance" and slug not in slugs | RESERVED:
        return f"there is no page '{path}'"
    return ""
