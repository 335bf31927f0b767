"""The registry file is checked when it is read, and what is wrong is named with file and line."""

from pathlib import Path

import pytest

from mystery_shopper.facts.definitions import AskedOf
from mystery_shopper.facts.documents import DocumentError, read_document
from mystery_shopper.facts.registry import load_registry, registry

GOOD = """\
facts:
  - id: price
    title: {en: Price}
    type: money
    question: {en: "What is the price?"}
"""


def refusal(tmp_path: Path, text: str) -> DocumentError:
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_registry(path)
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    return caught.value


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(GOOD, encoding="utf-8")

    facts = load_registry(tmp_path / "facts.yaml")

    assert facts["price"].unit == "GBP"
    assert facts["price"].question_in("cy") == "What is the price?"


@pytest.mark.parametrize(
    ("extra", "line", "word"),
    [
        ("    colour: red\n", 6, "colour"),
        ("    minimum: 5\n    maximum: 2\n", 6, "minimum"),
        ("    minimum: 1.005\n", 6, "whole number"),
        ("    options: [{id: a, title: {en: A}}, {id: b, title: {en: B}}]\n", 2, "options"),
        ("    type: text\n", 6, "twice"),
        ("    sensitive: yes\n", 6, "sensitive"),
        ("    asked_of: everybody\n", 6, "asked_of"),
        ("  - id: price\n    title: {en: P}\n    type: text\n    question: {en: Q}\n", 6, "used twice"),
        (
            "  - id: cost\n    title: {en: P}\n    type: text\n    question: {en: Q}\n    aliases: [price]\n",
            6,
            "another fact",
        ),
        ("  - id: Cost\n    title: {en: P}\n    type: text\n    question: {en: Q}\n", 6, "id"),
        ("  - id: cost\n    title: {en: P}\n    type: lots\n    question: {en: Q}\n", 8, "type"),
        ("  - id: cost\n    title: {en: P}\n    type: text\n    question: {fr: Q}\n", 9, "question"),
    ],
)
def test_a_bad_entry_is_refused_with_file_and_line(tmp_path: Path, extra: str, line: int, word: str) -> None:
    error = refusal(tmp_path, GOOD + extra)

    assert error.line == line
    assert word in error.message


@pytest.mark.parametrize("text", ["", "facts: [", "facts: 3", "things: []", "facts: &a []\nother: *a", "- 1"])
def test_a_file_that_is_not_a_list_of_facts_is_refused(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text)


def test_only_true_and_false_are_booleans(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: [yes, no, on, true, false, 2.50]\n", encoding="utf-8")

    assert str(read_document(path).data) == "{'a': ['yes', 'no', 'on', True, False, Decimal('2.50')]}"


def test_the_name_of_a_contractor_is_never_published() -> None:
    assert registry()["prime_name"].sensitive


def test_facts_of_the_service_are_not_asked_of_reporters() -> None:
    assert registry()["authority_class_pa23"].asked_of is AskedOf.SERVICE


def test_facts_keep_the_order_of_the_file() -> None:
    facts = registry()

    assert facts.sorted_ids({"bond_gbp", "procurement_start_date"}) == ("procurement_start_date", "bond_gbp")
    assert [definition.id for definition in facts.of_ids(["bond_gbp"])] == ["bond_gbp"]
