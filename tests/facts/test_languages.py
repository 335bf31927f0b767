"""Every fact is written in English and in Welsh: its words, its form field, its values, and its phrase in a letter."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from mystery_shopper.core.forms import GovForm
from mystery_shopper.facts.definitions import FactDefinition, FactRegistry, FactType, FactValue
from mystery_shopper.facts.fields import fact_field
from mystery_shopper.facts.languages import LANGUAGES
from mystery_shopper.facts.policy import display, letter_of
from mystery_shopper.facts.registry import load_registry, registry

FACTS = registry()
SOURCE = """
facts:
  - id: price
    title: {en: Price, cy: Pris}
    type: money
    question: {en: "What is the price?", cy: "Beth yw'r pris?"}
"""


def without_welsh(facts: FactRegistry) -> Iterator[str]:
    """Name each text that has no Welsh, or in which the Welsh is the English again."""
    for definition in facts.values():
        for place, words in definition.texts():
            if not words.get("cy") or words["cy"] == words["en"]:
                yield f"{definition.id}.{place}"


def test_every_text_is_in_welsh_too() -> None:
    assert list(without_welsh(FACTS)) == []


def test_a_text_without_welsh_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(SOURCE.replace("Pris}", "Price}").replace(''', cy: "Beth yw'r pris?"''', ""), encoding="utf-8")

    assert list(without_welsh(load_registry(path))) == ["price.title", "price.question"]


def test_the_welsh_is_marked_as_not_checked_by_a_professional() -> None:
    assert FACTS.translation == {"cy": "needs-professional-check"}


def test_questions_end_as_questions_and_titles_do_not() -> None:
    for definition in FACTS.values():
        for language in LANGUAGES:
            assert definition.question_in(language).endswith("?"), definition.id
            assert not definition.title_in(language).endswith((".", "?")), definition.id


def test_titles_differ_so_that_a_list_of_facts_can_be_read() -> None:
    for language in LANGUAGES:
        titles = [definition.title_in(language) for definition in FACTS.values()]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", ["fr", "cy"])
def test_english_stands_in_for_what_is_not_translated(tmp_path: Path, language: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(SOURCE.replace(", cy: Pris", "").replace(''', cy: "Beth yw'r pris?"''', ""), encoding="utf-8")
    price = load_registry(path)["price"]

    assert (price.title_in(language), price.question_in(language), price.hint_in(language)) == (
        "Price", "What is the price?", "",
    )  # fmt: skip
    assert letter_of(price, 500, language) == "price: £5"


@pytest.mark.parametrize(
    ("fact_id", "value", "shown"),
    [
        ("bond_gbp", 500_000_000, "£5,000,000"),
        ("min_years_accounts", 1, "1 flwyddyn"),
        ("min_years_accounts", 2, "2 flynedd"),
        ("min_years_accounts", 3, "3 blynedd"),
        ("min_years_accounts", 5, "5 mlynedd"),
        ("min_years_accounts", 6, "6 blynedd"),
        ("min_years_accounts", 12, "12 o flynyddoedd"),
        ("contract_term_months", 2, "2 fis"),
        ("contract_term_months", 36, "36 mis"),
        ("response_days", 2, "2 ddiwrnod"),
        ("response_days", 30, "30 diwrnod"),
        ("published_delay_hours", 2, "2 awr"),
        ("published_delay_hours", 72, "72 awr"),
        ("bond_pct", Decimal("12.50"), "12.5%"),
        ("turnover_multiple", Decimal(2), "2 waith"),
        ("turnover_multiple", Decimal("2.5"), "2.5 gwaith"),
        ("procurement_start_date", date(2025, 6, 1), "1 Mehefin 2025"),
        ("contract_kind", "goods", "Nwyddau"),
        ("pcg_required", True, "Ie"),
        ("pcg_required", False, "Na"),
        ("min_credit_score", 50, "50"),
    ],
)
def test_values_are_written_in_welsh(fact_id: str, value: FactValue, shown: str) -> None:
    assert display(FACTS[fact_id], value, "cy") == shown


@pytest.mark.parametrize(
    ("fact_id", "value", "english", "welsh"),
    [
        ("bond_gbp", 500_000_000, "a bond of £5,000,000", "bond o £5,000,000"),
        (
            "bond_required",
            True,
            "a bond or cash deposit is required",
            "mae bond neu flaendal arian parod yn ofynnol",
        ),
        (
            "bond_required",
            False,
            "no bond or cash deposit is required",
            "nid oes bond na blaendal arian parod yn ofynnol",
        ),
        ("reference_years_required", 3, "references from the last 3 years", "geirdaon o'r 3 blynedd diwethaf"),
        (
            "certification_name",
            "ISO {value} 9001",
            "the certificate, accreditation or qualification required is ISO {value} 9001",
            "y dystysgrif, yr achrediad neu'r cymhwyster sy'n ofynnol yw ISO {value} 9001",
        ),
        ("contract_date", date(2025, 6, 1), "the contract was signed on 1 June 2025", None),
        ("procedure", "open", "procedure: Open procedure", "gweithdrefn: Gweithdrefn agored"),
        ("is_school", True, "school: yes", "ysgol: ie"),
        ("is_school", False, "school: no", "ysgol: na"),
    ],
)
def test_letters_write_facts_in_both_languages(fact_id: str, value: FactValue, english: str, welsh: str | None) -> None:
    assert letter_of(FACTS[fact_id], value) == english
    if welsh is not None:
        assert letter_of(FACTS[fact_id], value, "cy") == welsh


def test_no_letter_says_yes_or_no_where_the_fact_has_a_phrase() -> None:
    for definition in FACTS.values():
        if definition.type is FactType.BOOLEAN and definition.letter:
            for language in LANGUAGES:
                assert letter_of(definition, True, language) != letter_of(definition, False, language)


@pytest.fixture
def asked() -> Iterator[None]:
    app = Flask("forms")
    app.secret_key = "not a secret"
    with app.test_request_context():
        yield


def field_of(definition: FactDefinition, language: str) -> str:
    form = type("OneFact", (GovForm,), {"fact": fact_field(definition, language)})
    return str(form()["fact"]())


@pytest.mark.parametrize(
    ("fact_id", "words"),
    [
        ("bond_required", ["A yw&#39;r tendr yn gofyn am fond", "Ie", "Na", "Nid wyf yn gwybod"]),
        ("contract_kind", ["Beth sy&#39;n cael ei brynu?", "Nwyddau", "neu", "Nid wyf yn gwybod"]),
        ("min_years_accounts", ["Sawl blwyddyn o gyfrifon", "blynedd"]),
        ("bond_pct", ["Er enghraifft, 10", "%"]),
        ("response_days", ["diwrnod", "hyd at y dyddiad cau"]),
        ("procurement_start_date", ["Pryd y dechreuodd y broses gaffael?"]),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_form_asks_in_welsh(fact_id: str, words: list[str]) -> None:
    html = field_of(FACTS[fact_id], "cy")

    for word in words:
        assert word in html
    assert "I do not know" not in html


@pytest.mark.usefixtures("asked")
def test_a_form_asks_in_english() -> None:
    assert "I do not know" in field_of(FACTS["bond_required"], "en")
    assert "years" in field_of(FACTS["min_years_accounts"], "en")
