"""What a page of guidance is, and the library of them. Pure: words in, words out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mystery_shopper.core.languages import _

REVIEW_AFTER_DAYS = 365
"""Days after which a page is due for another review: project assumption."""


_WEB_ADDRESS = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][\x21-\x7e]*)?", re.IGNORECASE)


def is_web_address(value: str) -> bool:
    """Tell whether a text is an address on the web, in plain letters."""
    return _WEB_ADDRESS.fullmatch(value) is not None


class Audience(StrEnum):
    """Whom a page is for."""

    SUPPLIER = "supplier"
    MUTUAL = "mutual"
    COMMISSIONER = "commissioner"


AUDIENCE_TITLES: Mapping[Audience, str] = {
    Audience.SUPPLIER: _("Suppliers"),
    Audience.MUTUAL: _("Mutuals"),
    Audience.COMMISSIONER: _("Public buyers"),
}


class Language(StrEnum):
    """What a page is written in."""

    ENGLISH = "en"
    WELSH = "cy"


class Translation(StrEnum):
    """How far a translation has been looked at."""

    UNCHECKED = "needs-professional-check"
    CHECKED = "checked"


@dataclass(frozen=True)
class Source:
    """Where a statement of law or policy comes from. `id` is how the text of the page names it."""

    id: str
    title: str
    section: str
    address: str

    @property
    def words(self) -> str:
        """Return the source as it is cited."""
        return f"{self.title}, {self.section}" if self.section else self.title


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or cell of a page: what a translation must have in the same place."""

    shape: str
    line: int
    links: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of a page, for its list of contents."""

    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class GuidancePage:
    """One page. `html` is made from its Markdown by us and holds nothing else; `text` is the same in plain words."""

    slug: str
    title: str
    summary: str
    audience: tuple[Audience, ...]
    section: str
    order: int
    rules: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[Source, ...]
    reviewed_on: date
    language: Language
    shows_wording: bool
    html: str
    text: str
    headings: tuple[Heading, ...]
    links: tuple[tuple[int, str], ...] = ()
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    translated_from: date | None = None
    translation: Translation | None = None

    @property
    def address(self) -> str:
        """Return where the page stands."""
        return f"/guidance/{self.slug}"

    def is_due_for_review(self, today: date) -> bool:
        """Tell whether nobody has looked at the page for a year."""
        return (today - self.reviewed_on).days > REVIEW_AFTER_DAYS

    @property
    def is_behind(self) -> bool:
        """Tell whether the English page was reviewed after this one was translated from it."""
        return self.translated_from is not None and self.translated_from != self.reviewed_on


@dataclass(frozen=True)
class Section:
    """A heading of the index, and what stands under it."""

    id: str
    title: str
    summary: str


@dataclass(frozen=True)
class Library:
    """Every page, in the order of the index."""

    sections: tuple[Section, ...]
    pages: tuple[GuidancePage, ...]
    by_slug: Mapping[str, GuidancePage] = field(repr=False)
    by_rule: Mapping[str, tuple[GuidancePage, ...]] = field(repr=False)

    def __iter__(self) -> Iterator[GuidancePage]:
        """Yield the pages."""
        return iter(self.pages)

    def find(self, slug: str) -> GuidancePage | None:
        """Return a page by its slug."""
        return self.by_slug.get(slug)

    def of_rule(self, rule_id: str) -> tuple[GuidancePage, ...]:
        """Return the pages about a rule: those that were written about fewest rules first."""
        return self.by_rule.get(rule_id, ())

    def related_to(self, page: GuidancePage) -> tuple[GuidancePage, ...]:
        """Return the pages a page leads on to."""
        return tuple(self.by_slug[slug] for slug in page.related)

    def shelves(self, audience: Audience | None = None) -> list[tuple[Section, tuple[GuidancePage, ...]]]:
        """Return the sections with the pages for an audience (all of them without one); none that is empty."""
        shelves = []
        for section in self.sections:
            found = tuple(
                page
                for page in self.pages
                if page.section == section.id and (audience is None or audience in page.audience)
            )
            if found:
                shelves.append((section, found))
        return shelves


def make_library(sections: Sequence[Section], pages: Sequence[GuidancePage]) -> Library:
    """Return the pages in the order of the index, with the look-ups."""
    place = {section.id: at for at, section in enumerate(sections)}
    ordered = tuple(sorted(pages, key=lambda page: (place[page.section], page.order, page.title)))
    by_rule: dict[str, list[GuidancePage]] = {}
    for page in sorted(ordered, key=lambda page: len(page.rules)):
        for rule_id in page.rules:
            by_rule.setdefault(rule_id, []).append(page)
    return Library(
        sections=tuple(sections),
        pages=ordered,
        by_slug={page.slug: page for page in ordered},
        by_rule={rule_id: tuple(found) for rule_id, found in by_rule.items()},
    )
