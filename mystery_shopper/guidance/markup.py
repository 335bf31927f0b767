"""Markdown of a page to GOV.UK markup. Raw HTML is off; what is not made here cannot get onto a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from mystery_shopper.guidance.policy import Block, Heading, Language, Source

SOURCE = "source:"
_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "link_open": "govuk-link",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
}
_HEADING_CLASSES = {"h2": "govuk-heading-m", "h3": "govuk-heading-s"}
_ALLOWED_HEADINGS = frozenset(_HEADING_CLASSES)
_TAG = re.compile(r"</?[A-Za-z!]")
_LAW = re.compile(
    r"\b(sections? \d+|regulations? \d+|schedule \d+|Procurement Act|Public Contracts Regulations|Companies Act"
    r"|Public Interest Disclosure Act|Freedom of Information Act|Human Rights Act|PPN \d+"
    r"|the law (?:says|requires|bans|allows|protects|limits|sets|gives)|by law\b)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*(?:\([0-9a-z]+\))*")
_TABLE_NAMES = {Language.ENGLISH: "Table", Language.WELSH: "Tabl"}
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"(https?://\S+|/\S*|#\S+)\Z")


class MarkupError(Exception):
    """A page's text is wrong; `line` counts from 1 at the start of the text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Rendered:
    """A text as markup and as plain words, its headings, blocks, the sources it names, its links with their lines."""

    html: str
    text: str
    headings: tuple[Heading, ...]
    cited: frozenset[str]
    links: tuple[tuple[int, str], ...]
    blocks: tuple[Block, ...]
    english: frozenset[str]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable("table")
    # The class of the parser decides what an address may be; ours refuses it later with the line of the page.
    parser.validateLink = lambda _address: True  # type: ignore[assignment,method-assign]
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Put a table into a box that scrolls by itself, also by keyboard."""
    name = _TABLE_NAMES[env["language"]]
    box = f'<div class="ms-scroll" role="region" aria-label="{name}" tabindex="0">'
    return box + renderer.renderToken(tokens, at, options, env)


def _close_table(renderer: RendererHTML, tokens: Sequence[Token], at: int, *rest: Any) -> str:
    return renderer.renderToken(tokens, at, *rest) + "</div>"


def render(
    source: str, sources: Sequence[Source], language: Language = Language.ENGLISH, english: Sequence[str] = ()
) -> Rendered:
    """Return a page's Markdown as markup. `english` are the names that stay English on a page in another language.

    Raises:
        MarkupError: HTML, an image, a heading of another level, an address that is none, a source that is not in the
            list, or a block that names a law and no source.
    """
    parser = _parser()
    tokens = parser.parse(source)
    known = {one.id: one for one in sources}
    page = _Page(known, english)
    for token, line in _with_lines(tokens):
        page.take(token, line)
    html = parser.renderer.render(tokens, parser.options, {"language": language})
    return Rendered(
        html=html,
        text=" ".join(page.words),
        headings=tuple(page.headings),
        cited=frozenset(page.cited),
        links=tuple(page.links),
        blocks=tuple(page.blocks),
        english=frozenset(page.english_found),
    )


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _with_lines(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        yield token, line


class _Page:
    """Goes through the tokens of one page: gives them their classes, and gathers what the page is made of."""

    def __init__(self, known: dict[str, Source], english: Sequence[str]) -> None:
        self.known = known
        self.english = english
        self.english_found: set[str] = set()
        self.blocks: list[Block] = []
        self._open_tags: list[str] = []
        self.words: list[str] = []
        self.headings: list[Heading] = []
        self.cited: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self._heading: Token | None = None

    def take(self, token: Token, line: int) -> None:
        """Look at one token."""
        if token.nesting:
            self._open_tags.append(token.tag) if token.nesting > 0 else self._open_tags.pop()
        if token.type in _CLASSES:
            token.attrJoin("class", _CLASSES[token.type])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "heading_open":
            self._open_heading(token, line)
        elif token.type in ("fence", "code_block", "hr"):
            raise MarkupError(f"a {token.type.replace('_', ' ')} has no place in guidance", line)
        elif token.type == "inline":
            self._take_words(token, line)

    def _open_heading(self, token: Token, line: int) -> None:
        if token.tag not in _ALLOWED_HEADINGS:
            raise MarkupError("use ## and ### for headings: the title is the only heading of the first level", line)
        token.attrJoin("class", _HEADING_CLASSES[token.tag])
        self._heading = token

    def _take_words(self, token: Token, line: int) -> None:
        children = token.children or []
        text = "".join(child.content if child.type != "softbreak" else " " for child in children)
        if _TAG.search(text):
            raise MarkupError("HTML is not allowed: write Markdown", line)
        has_source = False
        for child in children:
            if child.type == "image":
                raise MarkupError("pictures are not allowed", line)
            if child.type == "link_open":
                has_source = self._take_link(child, line) or has_source
        named = _LAW.search(text)
        if named and not has_source and self._heading is None:
            raise MarkupError(f"'{named[0]}' is named without a source: link it to one of the page's sources", line)
        hrefs = sorted(str(child.attrGet("href")) for child in children if child.type == "link_open")
        figures = sorted(_FIGURE.findall(text))
        self.blocks.append(Block(">".join(self._open_tags), line, tuple(hrefs), tuple(figures)))
        self._note(text, line)
        if self.english:
            token.children = list(self._mark_english(children))

    def _mark_english(self, children: Sequence[Token]) -> Iterator[Token]:
        """Yield the parts of a block, with what stays English in an element that says so."""
        names = re.compile(
            "(" + "|".join(re.escape(name) for name in sorted(self.english, key=len, reverse=True)) + ")"
        )
        for child in children:
            if child.type != "text":
                yield child
                continue
            for at, part in enumerate(names.split(child.content)):
                words = Token("text", "", 0, content=part, level=child.level)
                if at % 2:
                    self.english_found.add(part)
                    yield Token("span_open", "span", 1, attrs={"lang": Language.ENGLISH.value})
                    yield words
                    yield Token("span_close", "span", -1)
                elif part:
                    yield words

    def _note(self, text: str, line: int) -> None:
        """Keep the words; those of a heading also give it its anchor."""
        if self._heading is not None:
            anchor = _NOT_IN_SLUG.sub("-", _without_accents(text.lower())).strip("-")
            if anchor in {heading.anchor for heading in self.headings}:
                raise MarkupError(f"two headings say '{text}'", line)
            self._heading.attrSet("id", anchor)
            if self._heading.tag == "h2":
                self.headings.append(Heading(anchor, text))
            self._heading = None
        self.words.append(text if text.endswith((".", "?", "!", ":")) else f"{text}.")

    def _take_link(self, link: Token, line: int) -> bool:
        """Look at a link; tell whether it leads to a source."""
        link.attrJoin("class", _CLASSES["link_open"])
        address = str(link.attrGet("href") or "")
        if address.startswith(SOURCE):
            source_id = address.removeprefix(SOURCE)
            if source_id not in self.known:
                raise MarkupError(f"there is no source '{source_id}' in the list of sources", line)
            self.cited.add(source_id)
            link.attrSet("href", f"#source-{source_id}")
            return True
        if not _ADDRESS.match(address):
            raise MarkupError(f"'{address}' is no web address, no address of this service and no source", line)
        if address.startswith("http"):
            link.attrSet("rel", "noreferrer")
        self.links.append((line, address))
        return False
