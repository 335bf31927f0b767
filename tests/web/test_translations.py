"""The files of translations are complete and say what the English says."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mystery_shopper.core.languages import TRANSLATIONS
from mystery_shopper.web import translations
from mystery_shopper.web.cli import translations_cli
from mystery_shopper.web.wrapping import bare_labels, bare_words

CANCEL = 'msgid "Clear filters"\nmsgstr "Clirio’r hidlyddion"'
AMOUNT = "{name}: rhaid rhoi {limit} neu fwy"
LINK = "<strong>%(reference)s</strong>. Nid"


@pytest.fixture
def common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that may be spoilt; returns the one of what all areas use."""
    folder = tmp_path / "translations"
    shutil.copytree(TRANSLATIONS, folder)
    monkeypatch.setattr(translations, "TRANSLATIONS", folder)
    monkeypatch.setattr(translations, "extracted", _extracted_once)
    return folder / "cy" / "common.po"


def _extracted_once() -> dict[str, object]:
    """Return what the files hold now in place of reading every source again."""
    return {path.stem: catalog for path, catalog in _shipped()}


def _shipped() -> list[tuple[Path, object]]:
    paths = sorted((TRANSLATIONS / "cy").glob("*.po"))
    return list(zip(paths, translations.read_files("cy", paths), strict=True))


def test_every_text_of_the_public_pages_has_its_welsh() -> None:
    assert list(translations.problems()) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (CANCEL, 'msgid "Clear filters"\nmsgstr ""', "common.po: no Welsh for “Clear filters”"),
        (CANCEL, f"#, fuzzy\n{CANCEL}", "common.po: fuzzy: “Clear filters”"),
        (AMOUNT, "{name}: rhaid rhoi {swm} neu fwy", "common.po: other placeholders than in “{name} must be"),
        (LINK, "%(reference)s. Nid", "common.po: other tags than in “If you tell us"),
        (CANCEL, "", "common.po: 1 new and 0 old texts: run translations extract"),
    ],
)
def test_what_is_missing_or_says_something_else_fails_the_check(common: Path, old: str, new: str, problem: str) -> None:
    text = common.read_text(encoding="utf-8")
    joined = text.replace('"\n"', "")
    assert old in joined
    common.write_text(joined.replace(old, new), encoding="utf-8")

    result = CliRunner().invoke(translations_cli, ["check"])
    assert result.exit_code == 1
    assert problem in result.output


def test_extraction_keeps_the_welsh_and_changes_nothing_where_all_is_well(common: Path) -> None:
    before = common.read_bytes()
    assert translations.write_files() == []
    common.write_bytes(b"")
    common.with_name("more.po").write_bytes(before)
    assert "common" in translations.write_files()
    assert common.read_bytes() == before


@pytest.mark.parametrize(
    "source",
    [
        "<p>Words</p>",
        '<nav aria-label="Words">{{ x }}</nav>',
        '{% set page_title = "Some words" %}',
        '{{ inset("Some more words") }}',
        '{% if x %}{{ "Yes" if y else "No" }}{% endif %}',
        "{% trans %}Said{% endtrans %} Words",
    ],
)
def test_a_text_that_is_not_wrapped_is_found(source: str) -> None:
    assert list(bare_words(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p class="govuk-body">{{ _("Words") }}</p>',
        "{% trans day=x | date %}On <b>{{ day }}</b>{% endtrans %}",
        '{# words #}<dl class="govuk-summary-list">{{ x.items | length }}&nbsp;</dl>',
        "{% block robots %}index, follow{% endblock %}",
        '{% set page_title = _("Words") %}<a href="{{ url_for("a.b") }}" lang="{{ code }}"></a>',
    ],
)
def test_a_text_that_is_wrapped_is_not(source: str) -> None:
    assert not list(bare_words(source))


def test_a_label_that_is_not_wrapped_is_found() -> None:
    bare = 'a = TextField("Name", hint=_("Said"), required=f"Enter {x}")\nb = Option("x", "Word")'
    assert [line for line, _words in bare_labels(bare)] == [1, 1, 2]
    assert not list(bare_labels('a = TextField(_("Name"), autocomplete="name")\nb = Option("x", _("Word"))'))
