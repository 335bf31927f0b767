"""The JSON Schema of the facts document accepts what the registry accepts, and refuses what it refuses."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mystery_shopper.facts.definitions import FactDefinition
from mystery_shopper.facts.document_schema import document_schema, plain
from mystery_shopper.facts.patterns import date_pattern, decimal_pattern
from mystery_shopper.facts.policy import FactValueError, from_json, read_facts, to_json
from mystery_shopper.facts.registry import load_registry, registry
from tests.facts.test_policy import values_of

FACTS = registry()
SCHEMA = document_schema(FACTS)
DOCUMENT = Draft202012Validator(SCHEMA)
BOUNDED = """
facts:
  - {id: opened, title: {en: Opened}, type: date, question: {en: Q?}, minimum: 2012-02-29, maximum: 2016-11-05}
  - {id: share, title: {en: Share}, type: percentage, question: {en: Q?}, minimum: 2.5, maximum: 37.125}
  - {id: price, title: {en: Price}, type: money, question: {en: Q?}, minimum: 0.99, maximum: 1203.40}
  - {id: count, title: {en: Count}, type: integer, question: {en: Q?}, minimum: 3, maximum: 7, aliases: [number]}
  - {id: name, title: {en: Name}, type: text, question: {en: Q?}, max_length: 4}
"""


@cache
def validator_of(fact_id: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMA["properties"][fact_id])


def registry_accepts(definition: FactDefinition, raw: Any) -> bool:
    try:
        from_json(definition, raw)
    except FactValueError:
        return False
    return True


def _is_fraction(number: Decimal) -> bool:
    return number != number.to_integral_value()


def near_misses(definition: FactDefinition) -> st.SearchStrategy[Any]:
    """Values close to right ones: on both sides of each bound, in the wrong type, with the wrong digits."""
    numbers = st.one_of(
        st.integers(-2, 1100),
        st.integers(-2, 10**15),
        st.decimals(-2, 1100, places=5).filter(_is_fraction),
        st.decimals(0, 10**13, places=3).filter(_is_fraction),
    )
    texts = st.one_of(
        st.text("0123456789.%x \n", max_size=16),
        st.integers(0, 1100).map(str),
        st.decimals(0, 1100, places=3).map(str),
        st.dates(date(2008, 1, 1), date(2102, 1, 1)).map(date.isoformat),
        st.text(max_size=8),
        st.sampled_from([*sorted(definition.option_ids), "yes", " works", "works ", " " * 201, "x" * 200, "x" * 201]),
    )
    amounts = st.fixed_dictionaries(
        {"amount": st.one_of(texts, numbers), "currency": st.sampled_from(["GBP", "EUR"])},
        optional={"more": st.just(1)},
    )
    return st.one_of(numbers, texts, amounts, st.booleans(), st.just([]), st.just({}), st.just({"amount": "5"}))


@pytest.mark.parametrize("definition", FACTS.values(), ids=lambda definition: definition.id)
def test_every_value_the_registry_writes_is_accepted(definition: FactDefinition) -> None:
    @settings(max_examples=10)
    @given(value=values_of(definition))
    def accepted(value: Any) -> None:
        assert validator_of(definition.id).is_valid(to_json(definition, value))

    accepted()


ONE_OF_EACH_TYPE = {definition.type: definition.id for definition in reversed(list(FACTS.values()))}


@pytest.mark.parametrize("fact_id", [*ONE_OF_EACH_TYPE.values(), "estimated_value_gbp", "certification_name", "tier"])
def test_it_accepts_exactly_what_the_registry_accepts(fact_id: str) -> None:
    definition = FACTS[fact_id]

    @given(raw=near_misses(definition))
    def same(raw: Any) -> None:
        assert validator_of(fact_id).is_valid(raw) == registry_accepts(definition, raw)

    same()


@pytest.mark.parametrize("fact_id", ["opened", "share", "price", "count", "name"])
def test_bounds_of_another_registry_are_kept(fact_id: str, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(BOUNDED, encoding="utf-8")
    facts = load_registry(tmp_path / "facts.yaml")
    definition = facts[fact_id]
    validator = Draft202012Validator(document_schema(facts)["properties"][fact_id])

    @given(raw=near_misses(definition))
    def same(raw: Any) -> None:
        assert validator.is_valid(raw) == registry_accepts(definition, raw)

    same()


@pytest.mark.parametrize(
    ("low", "high"),
    [("0", "1000"), ("2.5", "37.125"), ("0.01", "1000000000000"), ("0", "0.5"), ("1.05", "1.5"), ("19.99", "20")],
)
def test_a_pattern_of_decimals_is_its_range(low: str, high: str) -> None:
    pattern = re.compile(decimal_pattern(Decimal(low), Decimal(high), digits=13, places=3))

    @given(st.decimals(0, Decimal(high) * 2, places=3), st.integers(0, 2), st.booleans())
    def same(number: Decimal, zeros: int, shortened: bool) -> None:
        text = "0" * zeros + (f"{number:.3f}".rstrip("0").rstrip(".") if shortened else f"{number:.3f}")
        fits = re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,3})?", text) is not None
        assert bool(pattern.match(text)) == (fits and Decimal(low) <= number <= Decimal(high))

    same()
    for edge in (low, high):
        step = Decimal("0.001")
        for number in (Decimal(edge) - step, Decimal(edge), Decimal(edge) + step):
            if number >= 0:
                assert bool(pattern.match(f"{number:.3f}")) == (Decimal(low) <= number <= Decimal(high))


@pytest.mark.parametrize(
    ("low", "high"),
    [(date(2009, 1, 1), date(2100, 12, 31)), (date(2012, 2, 29), date(2016, 11, 5)), (date(2015, 3, 2),) * 2],
)
def test_a_pattern_of_dates_is_its_range(low: date, high: date) -> None:
    pattern = re.compile(date_pattern(low, high))
    day = low - timedelta(days=800)
    while day <= high + timedelta(days=800):
        assert bool(pattern.match(day.isoformat())) == (low <= day <= high), day
        day += timedelta(days=1)
    for unreal in ("2013-02-29", "2015-04-31", "2015-13-01", "2015-00-10", "2015-01-00", "2015-1-1", "2015-03-02x"):
        assert not pattern.match(unreal)


def test_it_is_a_schema_of_its_draft_and_can_be_written() -> None:
    Draft202012Validator.check_schema(plain(SCHEMA))
    written = json.loads(json.dumps(plain(SCHEMA)))

    assert written["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert Draft202012Validator(written).is_valid({"bond_gbp": 5_000_000, "contract_kind": "works"})


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"bond_gbp": 5_000_000, "procurement_start_date": "2025-06-01"},
        {"bond_percent": 10, "accounts_years": 5, "pcg_required": None},
        {"nonsense": 1},
        {"bond_pct": 10, "bond_percent": 10},
        {"bond_pct": None, "bond_percent": 10},
        {"bond_percent": 1001},
        [],
        {"": None},
    ],
)
def test_documents_are_taken_as_the_registry_takes_them(document: Any) -> None:
    try:
        taken = isinstance(document, dict) and read_facts(FACTS, document) is not None
    except FactValueError:
        taken = False

    assert DOCUMENT.is_valid(document) == taken
