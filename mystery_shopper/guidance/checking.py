"""What a person who edits pages wants to know before they go live: what is wrong, and what is hard to read."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from mystery_shopper.guidance.policy import GuidancePage, Language, Library
from mystery_shopper.guidance.readability import LONGEST_SENTENCE, OLDEST_READER, read
from mystery_shopper.guidance.translating import missing_welsh

Leads = Callable[[str], bool]
"""Tells whether an address of this service leads to a page."""


def problems(library: Library, folder: Path, leads: Leads, today: date) -> Iterator[str]:
    """Yield what is wrong with pages that could be read: each with its file, and its line where there is one."""
    for page in library:
        path = folder / "pages" / f"{page.slug}.md"
        for line, address in page.links:
            if address.startswith("/") and not leads(address):
                yield f"{path}:{line}: '{address}' leads nowhere"
        if page.reviewed_on > today:
            yield f"{path}:1: reviewed_on: {page.reviewed_on} is in the future"
        yield from (f"{path}:1: {problem}" for problem in hard_to_read(page))


def translation_problems(welsh: Library, folder: Path, leads: Leads) -> Iterator[str]:
    """Yield what is wrong with the Welsh pages: one that is missing, or behind its English page, or hard to read."""
    for page in missing_welsh(welsh):
        yield f"{_welsh_path(folder, page)}:1: there is no Welsh of '{page.slug}': readers of Welsh see it in English"
    for page in welsh:
        if page.language is not Language.WELSH:
            continue
        path = _welsh_path(folder, page)
        for line, address in page.links:
            if address.startswith("/") and not leads(address):
                yield f"{path}:{line}: '{address}' leads nowhere"
        if page.is_behind:
            yield (
                f"{path}:1: translated_from: {page.translated_from}, but the English page was reviewed on "
                f"{page.reviewed_on}: compare them and change the day"
            )
        yield from (f"{path}:1: {problem}" for problem in long_sentences(page))


def _welsh_path(folder: Path, page: GuidancePage) -> Path:
    return folder / "pages" / Language.WELSH.value / f"{page.slug}.md"


def hard_to_read(page: GuidancePage) -> Iterator[str]:
    """Yield why an English page is hard to read; nothing when it is plain."""
    reading = read(f"{page.summary} {page.text}")
    if reading.age > OLDEST_READER:
        yield f"needs a reading age of {reading.age:g}; the most is {OLDEST_READER:g}: use shorter words and sentences"
    yield from long_sentences(page)


def long_sentences(page: GuidancePage) -> Iterator[str]:
    """Yield the longest sentence of a page when it is too long, in any language."""
    reading = read(f"{page.summary} {page.text}")
    if reading.longest_words > LONGEST_SENTENCE:
        yield f"a sentence has {reading.longest_words} words; the most is {LONGEST_SENTENCE}: “{reading.longest[:80]}”"


def overdue(library: Library, today: date) -> list[GuidancePage]:
    """Return the pages that nobody has looked at for a year, the oldest first."""
    due = [page for page in library if page.is_due_for_review(today)]
    return sorted(due, key=lambda page: page.reviewed_on)
