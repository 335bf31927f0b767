"""The words of the service in the language of the reader."""

from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment

from mystery_shopper.core import languages
from mystery_shopper.core.calendar import format_day, format_month
from mystery_shopper.core.forms.dates import read_month
from mystery_shopper.core.languages import ENGLISH, WELSH, Phrase, _, _n, current, speak, speaking

PO = """
msgid ""
msgstr "Language: cy\\nContent-Type: text/plain; charset=utf-8\\n"

msgid "Buyer"
msgstr "Prynwr"

msgid "{name} & Co"
msgstr "{name} a’i Gwmni"

msgid "{count} file"
msgid_plural "{count} files"
msgstr[0] "{count} ffeil"
msgstr[1] "{count} ffeil"
msgstr[2] "{count} ffeil (dwy)"
msgstr[3] "{count} ffeil (tair)"
msgstr[4] "{count} ffeil (chwech)"
msgstr[5] "{count} o ffeiliau"

#, fuzzy
msgid "Half done"
msgstr "Heb ei orffen"
"""


@pytest.fixture(autouse=True)
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file of translations in place of those that ship."""
    path = tmp_path / "small.po"
    path.write_text(PO, encoding="utf-8")
    welsh = languages.compiled(WELSH, languages.read_files(WELSH, [path]))
    monkeypatch.setattr(languages, "words_in", lambda _language: welsh)


def test_a_phrase_is_said_when_it_is_drawn_and_is_its_english_to_everything_else() -> None:
    buyer = _("Buyer")
    with speaking(WELSH):
        assert (str(buyer), f"{buyer}:", "y " + buyer, buyer + "!") == ("Prynwr", "Prynwr:", "y Prynwr", "Prynwr!")
        assert (buyer.lower(), buyer.upper()) == ("prynwr", "PRYNWR")
        assert buyer == "Buyer"
        assert {buyer: 1}["Buyer"] == 1
    assert str(buyer) == "Buyer"


def test_a_template_says_a_phrase_and_escapes_it() -> None:
    template = Environment(autoescape=True).from_string('<a title="{{ x }}">{{ x }}{{ x ~ "&" }}</a>')
    with speaking(WELSH):
        assert template.render(x=_("Buyer")) == '<a title="Prynwr">PrynwrPrynwr&amp;</a>'
        assert template.render(x=Phrase("<b>")) == '<a title="&lt;b&gt;">&lt;b&gt;&lt;b&gt;&amp;</a>'


def test_values_stand_in_the_text_of_the_language() -> None:
    with speaking(WELSH):
        assert _("{name} & Co", name="{count}") == "{count} a’i Gwmni"
    assert _("{name} & Co", name="A") == "A & Co"


@pytest.mark.parametrize(
    ("count", "english", "welsh"),
    [
        (1, "1 file", "1 ffeil"),
        (2, "2 files", "2 ffeil (dwy)"),
        (3, "3 files", "3 ffeil (tair)"),
        (6, "6 files", "6 ffeil (chwech)"),
        (1200, "1,200 files", "1,200 o ffeiliau"),
    ],
)
def test_a_number_chooses_the_form(count: int, english: str, welsh: str) -> None:
    assert _n("{count} file", "{count} files", count) == english
    with speaking(WELSH):
        assert _n("{count} file", "{count} files", count) == welsh


@pytest.mark.parametrize("text", ["Never translated", "Half done", ""])
def test_what_has_no_welsh_is_said_in_english(text: str) -> None:
    with speaking(WELSH):
        assert str(_(text)) == text


def test_a_language_nobody_has_is_english_and_the_block_ends_with_its_language() -> None:
    with speaking(WELSH):
        with speaking("fr"):
            assert current() == ENGLISH
        assert current() == WELSH
        speak("tlh")
        assert current() == ENGLISH
    assert current() == ENGLISH


def test_dates_are_written_and_read_in_both_languages() -> None:
    with speaking(WELSH):
        assert format_day(date(2026, 2, 1)) == "1 Chwefror 2026"
        assert format_month(2026, 8) == "Awst 2026"
    assert format_day(date(2026, 2, 1)) == "1 February 2026"
    assert (read_month("Mawrth"), read_month("mar"), read_month("Gorff"), read_month("may"), read_month("m")) == (
        3,
        3,
        7,
        5,
        None,
    )


def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.po"
    path.write_text('msgid "A"\nmsgstr "B"\nnonsense here\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.po"):
        languages.read_files(WELSH, [path])
