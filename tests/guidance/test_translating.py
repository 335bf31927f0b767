"""Welsh pages beside the English ones: what is refused, what is shown, and that every page has its Welsh."""

import re
from pathlib import Path

import pytest

from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.guidance.loading import library, load_libraries
from mystery_shopper.guidance.policy import GuidancePage, Language, Library
from mystery_shopper.guidance.searching import search
from mystery_shopper.guidance.translating import missing_welsh
from mystery_shopper.guidance.words import stem
from tests.guidance.folders import PAGE, SECTIONS, WELSH, write_folder, write_welsh

RULES = {"FIN-BOND"}
# What is changed in a good page, the line the error must name, and words it must say.
BAD_PAGES = [
    ("unknown key", "language: cy", "language: cy\norder: 10", 5, "Unknown field"),
    ("not Welsh", "language: cy", "language: en", 4, "must be cy"),
    ("no day", "2026-11-25", "yesterday", 6, "translated_from"),
    ("no check", "needs-professional-check", "done", 5, "translation"),
    ("name not there", "a Cyber Essentials", "arall", 7, "'Cyber Essentials' is not in the text"),
    ("source missing", "[adran 22](source:pa22)", "adran 22", 10, "other links than in line 18"),
    ("source unknown", "source:pa22", "source:pa23", 10, "there is no source 'pa23'"),
    ("another figure", "adran 22", "adran 23", 10, "other figures than in line 18"),
    ("another page", "/guidance/other", "/guidance/bonds", 14, "other links than in line 22"),
    ("no heading", "## Beth", "Beth", 12, "this is a paragraph, but line 20 of the English page has a heading ##"),
    ("another level", "## Beth", "### Beth", 12, "this is a heading ###"),
    ("a list", "Gofynnwch", "- Gofynnwch", 14, "this is a list item"),
    ("one more", "pam.", "pam.\n\nMwy.", 16, "the English page has ended"),
    ("one less", "\n\nGofynnwch [i'r prynwr](/guidance/other) pam.", "", 12, "the page ends here, but line 22"),
    ("HTML", "Gofynnwch", "Gofynnwch <b>nawr</b>", 14, "HTML is not allowed"),
]  # fmt: skip


def welsh_of(folder: Path) -> Library:
    return load_libraries(folder, RULES)[Language.WELSH]


def page_of(held: Library, slug: str) -> GuidancePage:
    page = held.find(slug)
    assert page is not None
    return page


@pytest.mark.parametrize(("what", "old", "new", "line", "words"), BAD_PAGES, ids=[bad[0] for bad in BAD_PAGES])
def test_a_bad_page_is_refused_with_its_file_and_line(
    tmp_path: Path, what: str, old: str, new: str, line: int, words: str
) -> None:
    assert WELSH.count(old) == 1
    folder = write_welsh(write_folder(tmp_path), WELSH.replace(old, new))
    with pytest.raises(DocumentError) as caught:
        load_libraries(folder, RULES)
    assert words in caught.value.message
    assert str(caught.value).startswith(f"{folder / 'pages' / 'cy' / 'bonds.md'}:{line}: "), str(caught.value)


def test_a_page_without_an_english_one_is_refused(tmp_path: Path) -> None:
    folder = write_welsh(write_folder(tmp_path), name="guarantees")
    with pytest.raises(DocumentError, match=r"guarantees\.md:1: there is no English page"):
        load_libraries(folder, RULES)


def test_a_section_without_welsh_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, sections=SECTIONS.replace(", cy: Dechrau", ""))
    with pytest.raises(DocumentError, match=r"sections\.yaml:3: title"):
        load_libraries(folder, RULES)


def test_the_words_are_welsh_and_all_else_is_that_of_the_english_page(tmp_path: Path) -> None:
    held = welsh_of(write_welsh(write_folder(tmp_path)))
    page = page_of(held, "bonds")
    assert (page.title, page.language, page.rules) == ("Bondiau", Language.WELSH, ("FIN-BOND",))
    assert [source.id for source in page.sources] == ["pa22"]
    assert held.sections[0].title == "Dechrau"
    assert '<span lang="en">Cyber Essentials</span>' in page.html
    assert '<h2 class="govuk-heading-m" id="beth-i-w-wneud">' in page.html
    assert not page.is_behind


def test_a_page_that_has_no_welsh_stands_there_in_english_and_is_named(tmp_path: Path) -> None:
    held = welsh_of(write_welsh(write_folder(tmp_path)))
    assert page_of(held, "other").language is Language.ENGLISH
    assert [page.slug for page in missing_welsh(held)] == ["other"]


def test_a_page_whose_english_was_reviewed_again_is_behind(tmp_path: Path) -> None:
    folder = write_welsh(write_folder(tmp_path, PAGE.replace("2026-11-25", "2026-12-01")))
    assert page_of(welsh_of(folder), "bonds").is_behind


def test_the_name_of_a_table_is_in_the_language_of_its_page() -> None:
    assert 'aria-label="Table"' in page_of(library(), "which-law-applies").html
    assert 'aria-label="Tabl"' in page_of(library(Language.WELSH), "which-law-applies").html


class TestShippedPages:
    def test_every_page_has_its_welsh_in_the_same_order_and_none_is_behind(self) -> None:
        welsh = library(Language.WELSH)
        assert missing_welsh(welsh) == []
        assert [page.slug for page in welsh if page.is_behind] == []
        assert [page.slug for page in welsh] == [page.slug for page in library()]

    def test_no_sentence_was_left_in_english(self) -> None:
        english = {part for page in library() for part in re.split(r"(?<=[.?!:])\s+", page.text) if len(part) > 25}
        left = {part for page in library(Language.WELSH) for part in re.split(r"(?<=[.?!:])\s+", page.text)} & english
        assert left == set()

    def test_titles_are_unique_and_give_nobody_away(self) -> None:
        titles = [page.title for page in library(Language.WELSH)]
        assert len(titles) == len(set(titles))
        telling = ("cwyn", "chwyth", "adroddiad", "cyhudd", "dioddef")
        assert not [title for title in titles if any(word in title.lower() for word in telling)]


FIRST = [
    ("bond", "bonds-and-guarantees"),
    ("fondiau", "bonds-and-guarantees"),
    ("warant", "bonds-and-guarantees"),
    ("taliad hwyr", "late-payment"),
    ("cyfrifon archwiliedig", "accounts"),
    ("faint o amser sydd gen i i fynd i'r llys", "time-limits-for-court"),
    ("gwmni cydfuddiannol", "mutuals-explained"),
    ("adborth", "feedback"),
    ("geirda", "experience-and-references"),
    ("lot", "lots"),
    ("rheolau sefydlog", "standing-orders-and-templates"),
    ("FIN-PCG", "bonds-and-guarantees"),
]


@pytest.mark.parametrize(("query", "slug"), FIRST)
def test_a_search_in_welsh_finds_the_page_about_it_first(query: str, slug: str) -> None:
    hits = search(query, language=Language.WELSH)
    assert slug in [hit.page.slug for hit in hits[:2]], [hit.page.slug for hit in hits]
    assert hits[0].page.language is Language.WELSH


def test_a_search_stays_in_the_language_of_the_reader() -> None:
    assert search("guarantees", language=Language.WELSH) == []
    assert search("gwarantau") == []


@pytest.mark.parametrize(
    "forms",
    [
        ("bond", "fond", "mond", "bondiau", "fondiau"),
        ("contract", "gontract", "chontract", "nghontract", "contractau"),
        ("gwarant", "warant", "ngwarant", "gwarantau"),
        ("tendr", "dendr", "thendr", "nhendr", "tendrau"),
        ("talu", "dalu", "thalu", "taliad", "taliadau"),
        ("llys", "lys"),
        ("rheol", "reol", "rheolau"),
    ],
)
def test_a_word_is_found_whatever_its_first_sound_and_ending(forms: tuple[str, ...]) -> None:
    assert len({stem(form, Language.WELSH) for form in forms}) == 1, [stem(form, Language.WELSH) for form in forms]
