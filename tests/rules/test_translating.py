"""The rules in Welsh: every text has its Welsh, decisions stay the same, an error names file and line."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mystery_shopper.checks.policy import read_requirement
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import DATA, shipped_catalogue
from mystery_shopper.rules.phrases import STRENGTH, WELSH, load_phrasebook, missing_phrases, phrasebook
from mystery_shopper.rules.proportionate import wording_for, wordings
from mystery_shopper.rules.results import Outcome
from mystery_shopper.rules.translating import catalogue_in, translated, translated_whole

FACTS: dict[str, FactValue] = {
    "procurement_start_date": date(2025, 6, 1),
    "estimated_value_gbp": 40_000_000,
    "bond_gbp": 50_000_000,
    "min_turnover_gbp": 160_000_000,
    "min_years_accounts": 5,
    "insurance_timing": "at-bid",
    "invoice_received_date": date(2025, 6, 1),
}
TODAY = date(2026, 11, 26)


def write_book(folder: Path, *, en: str = "The limit is {limit}.", cy: str = "Y terfyn yw {limit}.") -> Path:
    (folder / "one.yaml").write_text(
        f'translation: checked\nphrases:\n  - en: "{en}"\n    cy: "{cy}"\n', encoding="utf-8"
    )
    return folder


def test_every_text_of_the_rules_has_its_welsh_and_no_welsh_is_idle() -> None:
    assert list(missing_phrases(DATA, phrasebook())) == []


def test_a_text_without_welsh_and_welsh_nobody_asks_for_are_named_with_file_and_line(tmp_path: Path) -> None:
    found = list(missing_phrases(DATA, load_phrasebook(write_book(tmp_path), STRENGTH)))
    assert f"{tmp_path / 'one.yaml'}:3: no text of the rules says “The limit is {{limit}}.”" in found
    line = (DATA / "families.yaml").read_text(encoding="utf-8").split("\n").index("    title: Turnover") + 1
    assert f"{DATA / 'families.yaml'}:{line}: no Welsh for “Turnover”" in found


def test_other_placeholders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"one\.yaml:3: the Welsh has other"):
        load_phrasebook(write_book(tmp_path, cy="Y terfyn yw {value}."), STRENGTH)


def test_one_english_text_has_one_welsh(tmp_path: Path) -> None:
    write_book(tmp_path)
    (tmp_path / "two.yaml").write_text((tmp_path / "one.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"two\.yaml:3: this English stands in one\.yaml:3 already"):
        load_phrasebook(tmp_path, STRENGTH)


def test_welsh_that_speaks_too_strongly_is_refused_with_its_line() -> None:
    book = phrasebook()
    english = "Bidders get more marks for a higher turnover."
    strong = replace(book, welsh={**book.welsh, english: "Mae hyn yn anghyfreithlon."})
    path, line = book.places[english]
    with pytest.raises(DocumentError, match=rf"{path.name}:{line}: the Welsh of a judgement finding must not say"):
        translated(shipped_catalogue(), strong)


def test_a_pack_with_a_text_that_has_no_welsh_stays_english_whole() -> None:
    book = phrasebook()
    gap = replace(book, welsh={english: text for english, text in book.welsh.items() if english != "Turnover"})
    assert translated_whole(shipped_catalogue(), gap) is shipped_catalogue()


def test_the_same_facts_are_decided_the_same_in_other_words() -> None:
    pack = translated(shipped_catalogue(), phrasebook())
    ours, theirs = evaluate(FACTS, catalogue=pack), evaluate(FACTS, catalogue=shipped_catalogue())
    assert pack.version == shipped_catalogue().version
    for welsh, english in zip(ours.results, theirs.results, strict=True):
        assert (welsh.rule_id, welsh.rule_version, welsh.outcome, welsh.severity, welsh.missing) == (
            *(english.rule_id, english.rule_version, english.outcome, english.severity, english.missing),
        )
        assert welsh.title != english.title
        assert welsh.explanation != english.explanation
        assert welsh.strength != english.strength


def test_figures_dates_and_names_of_facts_are_written_in_welsh() -> None:
    found = evaluate(FACTS, catalogue=translated(shipped_catalogue(), phrasebook()))
    assert "5 mlynedd o gyfrifon neu fasnachu" in found.result("FIN-TRADING-HISTORY").explanation
    assert "yn 4 gwaith gwerth amcangyfrifedig" in found.result("FIN-TURNOVER-2X").explanation
    assert found.result("PAY-30").outcome is Outcome.UNDECIDED
    assert "mae angen i ni wybod: " in found.result("PAY-30").explanation
    assert found.notice.startswith("Mae hyn yn cymharu")
    assert found.result("FIN-BOND").strength == "gall fod yn anghymesur"


def test_the_pack_in_force_is_given_in_the_language_that_is_asked_for() -> None:
    assert catalogue_in("en").language == "en"
    assert catalogue_in("cy").language == "cy"
    assert catalogue_in("cy") is catalogue_in("cy")


class TestWording:
    def test_every_rule_has_welsh_wording_with_the_same_places_and_figures(self) -> None:
        for rule_id, english in wordings().items():
            welsh = wordings("cy")[rule_id]
            assert welsh != english
            assert sorted(re.findall(r"\{\w+\}|\d+(?:,\d+)*", welsh)) == sorted(
                re.findall(r"\{\w+\}|\d+(?:,\d+)*", english)
            ), rule_id
            assert welsh.count("[") == english.count("[") == welsh.count("]"), rule_id

    def test_known_facts_are_filled_in_and_others_named_in_welsh(self) -> None:
        assert "o £400,000]" in wording_for("FIN-TURNOVER-2X", FACTS, language="cy")
        assert "[amcangyfrif o werth y contract]" in wording_for("AGG-SPLIT", {}, language="cy")


def test_a_requirement_is_judged_in_the_language_of_the_reader() -> None:
    text = "Bidders must lodge a performance bond of £500,000. The contract is worth £400,000."
    check = read_requirement(text, {}, today=TODAY, language="cy")
    bond = next(one for one in check.advice if one.result.rule_id == "FIN-BOND")
    assert check.language == "cy"
    assert bond.result.title == "Bond neu sicrwydd arian parod a all fod yn anghymesur"
    assert bond.instead.startswith("Nid ydym yn gofyn am fond.")
    assert read_requirement(text, {}, today=TODAY).language == "en"


def test_the_files_say_that_they_wait_for_a_check() -> None:
    for path in WELSH.glob("*.yaml"):
        assert "\ntranslation: needs-professional-check\n" in path.read_text(encoding="utf-8"), path.name
