"""What a person who edits pages wants to know before they go live: what is wrong, and what is hard to read."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from mystery_shopper.guidance.policy import GuidancePage, Library
from mystery_shopper.guidance.readability import LONGEST_SENTENCE, OLDEST_READER, read

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


def hard_to_read(page: GuidancePage) -> Iterator[str]:
    """Yield why a page is hard to read; nothing when it is plain."""
    reading = read(f"{page.summary} {page.text}")
    if reading.age > OLDEST_READER:
        yield f"needs a reading age of {reading.age:g}; the most is {OLDEST_READER:g}: use shorter words and sentences"
    if reading.longest_words > LONGEST_SENTENCE:
        yield f"a sentence has {reading.longest_words} words; the most is {LONGEST_SENTENCE}: “{reading.longest[:80]}”"


def overdue(library: Library, today: date) -> list[GuidancePage]:
    """Return the pages that nobody has looked at for a year, the oldest first."""
    due = [page for page in library if page.is_due_for_review(today)]
    return sorted(due, key=lambda page: page.reviewed_on)
