"""Pages as they are read from their files: what is refused, and that the error names the file and the line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.guidance import markup
from mystery_shopper.guidance.loading import library, load_library
from mystery_shopper.guidance.policy import Source
from tests.guidance.folders import PAGE, SECTIONS, write_folder

RULES = {"FIN-BOND"}
LAST = PAGE.count("\n")
ADDRESS = "https://www.legislation.gov.uk/ukpga/2023/54/section/22"

# What is changed in a good page, the line the error must name, and words it must say.
BAD_PAGES = [
    ("no hyphens", "---\ntitle", "title", 1, "first line must be three hyphens"),
    ("no end", "\n---\n", "\n", LAST, "three hyphens must end"),
    ("not YAML", 'title: "Bonds"', 'title: "Bonds', 3, ""),
    ("a key twice", "order: 10", "order: 10\norder: 11", 7, "given twice"),
    ("unknown key", "order: 10", "order: 10\ncolour: red", 7, "Unknown field"),
    ("no title", 'title: "Bonds"\n', "", 2, "title"),
    ("long title", "Bonds", "B" * 71, 2, "title"),
    ("empty summary", "A short page about bonds.", "", 3, "summary"),
    ("audience unknown", "[supplier]", "[lawyer]", 4, "audience"),
    ("no audience", "[supplier]", "[]", 4, "audience"),
    ("section unknown", "section: start", "section: end", 5, "there is no section 'end'"),
    ("order in words", "order: 10", "order: first", 6, "order"),
    ("rule unknown", "[FIN-BOND]", "[FIN-BOND, FIN-NONE]", 7, "there is no rule 'FIN-NONE'"),
    ("related unknown", "[other]", "[nowhere]", 8, "there is no other page 'nowhere'"),
    ("related to itself", "[other]", "[bonds]", 8, "there is no other page 'bonds'"),
    ("date in words", "2026-11-25", "yesterday", 9, "reviewed_on"),
    ("language unknown", "language: en", "language: fr", 10, "language"),
    ("sources empty", PAGE[PAGE.index("sources:") : PAGE.index("\n---\n\nA bond")], "sources: []", 11, "sources"),
    ("sources missing", PAGE[PAGE.index("sources:") : PAGE.index("\n---\n\nA bond") + 1], "", 2, "sources"),
    ("source without address", f'    address: "{ADDRESS}"\n', "", 12, "address"),
    ("address is none", ADDRESS, "legislation", 15, "web address"),
    ("address of a script", "https://www.legislation.gov.uk", "javascript:alert(1)//", 15, "web address"),
    ("source not named", "under [section 22](source:pa22)", "as a rule", 12, "is not named in the text"),
    ("source not listed", "source:pa22", "source:pa23", 18, "there is no source 'pa23'"),
    ("law without source", "Ask [the", "Regulation 58 counts. Ask [the", 22, "'Regulation 58' is named"),
    ("page not there", "/guidance/other", "/guidance/nowhere", 22, "there is no page '/guidance/nowhere'"),
    ("heading not there", "/guidance/other", "#nowhere", 22, "no heading '#nowhere'"),
    ("script link", "/guidance/other", "javascript:alert(1)", 22, "is no web address"),
    ("mail link", "/guidance/other", "mailto:a@example.org", 22, "is no web address"),
    ("HTML", "Ask [the", "Ask <b>now</b> [the", 22, "HTML is not allowed"),
    ("HTML block", "Ask [the", "<script>alert(1)</script>\n\nAsk [the", 22, "HTML is not allowed"),
    ("picture", "Ask [the buyer]", "![the buyer]", 22, "pictures are not allowed"),
    ("first heading", "## What", "# What", 20, "use ## and ###"),
    ("deep heading", "## What", "#### What", 20, "use ## and ###"),
    ("two headings", "Ask [the", "## What to ask\n\nAsk [the", 22, "two headings say"),
    ("code", "Ask [the", "```\ncode\n```\n\nAsk [the", 22, "has no place"),
    ("no text", PAGE[PAGE.index("A bond must") :], "", 17, "no text"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "old", "new", "line", "words"), BAD_PAGES, ids=[bad[0] for bad in BAD_PAGES])
def test_a_bad_page_is_refused_with_its_file_and_line(
    tmp_path: Path, what: str, old: str, new: str, line: int, words: str
) -> None:
    assert PAGE.count(old) >= 1
    folder = write_folder(tmp_path, PAGE.replace(old, new, 1))
    with pytest.raises(DocumentError) as caught:
        load_library(folder, RULES)
    assert caught.value.path.name == "bonds.md"
    assert words in caught.value.message
    assert caught.value.line == line, str(caught.value)
    assert str(caught.value).startswith(f"{folder / 'pages' / 'bonds.md'}:{line}: ")


def test_the_good_page_is_read(tmp_path: Path) -> None:
    held = load_library(write_folder(tmp_path), RULES)
    page = held.find("bonds")
    assert page is not None
    assert (page.title, page.headings[0].text) == ("Bonds", "What to ask")
    assert '<a href="#source-pa22" class="govuk-link">section 22</a>' in page.html
    assert '<h2 class="govuk-heading-m" id="what-to-ask">' in page.html
    assert [other.slug for other in held.related_to(page)] == ["other"]
    assert {one.slug for one in held.of_rule("FIN-BOND")} == {"bonds", "other"}
    assert held.of_rule("FIN-NONE") == ()


@pytest.mark.parametrize("name", ["Bonds", "bonds_2", "search", "right-to-provide", "a..b"])
def test_a_file_whose_name_cannot_be_an_address_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="cannot be the name of a page"):
        load_library(write_folder(tmp_path, name=name), RULES)


def test_sections_are_checked_too(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, sections=SECTIONS.replace("    title: {en: Start, cy: Dechrau}\n", ""))
    with pytest.raises(DocumentError, match=r"sections\.yaml:2: title"):
        load_library(folder, RULES)


def test_windows_line_ends_and_accents_are_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, PAGE.replace("Ask [", "Caf\u00e9: ask [").replace("\n", "\r\n"))
    page = load_library(folder, RULES).find("bonds")
    assert page is not None
    assert "Caf\u00e9" in page.html


@given(st.text(max_size=400))
def test_no_text_makes_live_markup(text: str) -> None:
    try:
        rendered = markup.render(text, (Source("pa22", "Act", "", "https://example.org"),))
    except markup.MarkupError:
        return
    lowered = rendered.html.lower()
    assert "<script" not in lowered
    assert "javascript:" not in lowered.replace("&amp;", "&") or 'href="javascript' not in lowered
    assert "<img" not in lowered


class TestShippedPages:
    def test_there_are_enough_and_each_has_a_contents_list_and_sources(self) -> None:
        assert len(library().pages) >= 28
        for page in library():
            assert page.sources, page.slug
            assert len(page.headings) >= 2, page.slug

    def test_every_section_and_every_audience_has_pages(self) -> None:
        shelves = library().shelves()
        assert [section.id for section, _ in shelves] == [section.id for section in library().sections]

    def test_titles_are_unique_and_give_nobody_away(self) -> None:
        titles = [page.title for page in library()]
        assert len(titles) == len(set(titles))
        telling = ("complain", "whistle", "report", "accus", "grievance", "victim")
        assert not [title for title in titles if any(word in title.lower() for word in telling)]
