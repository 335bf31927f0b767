"""Every page for the public that can be asked for is answered in Welsh, and no English of the service is left on it."""

import re
from html.parser import HTMLParser

from flask import Flask

from mystery_shopper.core.permissions import mark_of
from mystery_shopper.suggestions.journey import STEPS
from mystery_shopper.web import translations
from mystery_shopper.web.languages import AREAS, FILES, waiting
from tests.architecture.world import World

FEWEST_PAGES = 18
HEADINGS = frozenset({"h1", "h2", "h3", "legend", "th", "caption"})
EMPTY = frozenset({"meta", "link", "img", "input", "br", "hr", "path", "wbr"})
ONLY_ENGLISH = re.compile(r"\b(?:the|of|your?|what|which|and|is|we|with)\b", re.IGNORECASE)


class Reader(HTMLParser):
    """Gathers the texts of a page with the tag they stand in; a part that says it is in English is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[tuple[str, str]] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag not in EMPTY:
            is_english = given.get("lang") == "en" or (bool(self.open) and self.open[-1][1])
            self.open.append((tag, is_english))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and self.open and not self.open[-1][1] and self.open[-1][0] not in ("script", "style"):
            self.texts.append((self.open[-1][0], text))


def addresses(app: Flask, world: World) -> list[str]:
    """Return the pages of the areas that are in Welsh; those that need a report in the browser lead elsewhere."""
    found = [f"/tell-us-how/{step.slug}" for step in STEPS]
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        area = AREAS.get(rule.endpoint.partition(".")[0])
        is_public = mark is not None and mark.permission is None and "GET" in (rule.methods or ())
        if is_public and area and area not in waiting() and rule.endpoint != "pages.leave":
            found.append(world.address(rule))
    return sorted({address for address in found if not address.endswith(FILES)})


def test_every_public_page_is_in_welsh(app: Flask, world: World) -> None:
    english = {
        str(message.id)
        for catalog in translations.stored().values()
        for message in catalog
        if isinstance(message.id, str) and message.string != message.id and "%(" not in message.id
    }
    client = app.test_client()
    client.set_cookie("language", "cy")
    problems, read = [], 0
    for address in addresses(app, world):
        answer = client.get(address)
        if answer.status_code not in (200, 410):
            continue
        page = Reader()
        page.feed(answer.text)
        read += 1
        if page.language != "cy":
            problems.append(f"{address}: lang is {page.language}")
        left = [text for tag, text in page.texts if text in english or (tag in HEADINGS and ONLY_ENGLISH.search(text))]
        problems += [f"{address}: {text}" for text in left]
    assert not problems, "\n".join(problems)
    assert read >= FEWEST_PAGES


def test_what_is_read_by_programs_stays_as_it_is(app: Flask, world: World) -> None:
    english, welsh = app.test_client(), app.test_client()
    welsh.set_cookie("language", "cy")
    for address in ("/results.json", "/results.csv", "/results.atom", "/guidance/right-to-provide.csv"):
        answer = welsh.get(address)
        assert answer.data == english.get(address).data, address
