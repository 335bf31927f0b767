"""Facts read from forms and machines, and written for people, letters and machines."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.facts.definitions import WHOLE_NUMBERS, FactDefinition, FactType, FactValue
from mystery_shopper.facts.policy import FactValueError, display, from_json, parse, read_facts, to_json
from mystery_shopper.facts.registry import registry

FACTS = registry()
BOND = FACTS["bond_gbp"]
YEARS = FACTS["min_years_trading"]
START = FACTS["procurement_start_date"]


def values_of(definition: FactDefinition) -> st.SearchStrategy[FactValue]:
    low, high = definition.minimum, definition.maximum
    if definition.type is FactType.BOOLEAN:
        return st.booleans()
    if definition.type is FactType.CHOICE:
        return st.sampled_from(sorted(definition.option_ids))
    if definition.type is FactType.TEXT:
        return st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=50)
    if definition.type is FactType.DATE:
        assert isinstance(low, date)
        assert isinstance(high, date)
        return st.dates(low, high)
    assert isinstance(low, int | Decimal)
    assert isinstance(high, int | Decimal)
    if definition.type is FactType.MONEY or definition.type in WHOLE_NUMBERS:
        return st.integers(int(low), int(high))
    return st.decimals(low, high, places=2)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("£1,000", 100_000),
        ("1000", 100_000),
        ("1000.00", 100_000),
        (" 5,000,000 ", 500_000_000),
        ("1200.5", 120_050),
        ("0.01", 1),
        ("1000000000000", 10**14),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, pence: int) -> None:
    assert parse(BOND, typed) == pence


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "1e5",
        "inf",
        "１０００",  # noqa: RUF001
        "1_000",
        "1000000000000.01",
        "1.005",
        "10,00",
        "1,0000",
        "-5",
        "5m",
        "٣",
        "1 000",
        "£",
        "££5",
        "0x10",
        "1\n2",
    ],
)
def test_anything_else_is_refused_as_an_amount(typed: str) -> None:
    with pytest.raises(FactValueError) as caught:
        parse(BOND, typed)
    assert caught.value.field == "bond_gbp"
    assert caught.value.message.startswith("Bond or cash deposit must be ")


def test_the_message_for_an_amount_shows_how_to_write_one() -> None:
    with pytest.raises(FactValueError, match=r"must be in pounds, like 5,000,000 or 1200\.50"):
        parse(BOND, "lots")


@pytest.mark.parametrize("typed", ["5.0", "five", "+5", "\uff15", "1234567890", "1_0", "²", "201"])
def test_whole_numbers_are_plain_digits_within_bounds(typed: str) -> None:
    with pytest.raises(FactValueError):
        parse(YEARS, typed)


@pytest.mark.parametrize("typed", ["2025-06-01", "1 6 2025", "01/06/2025", "1 June 2025", "1 jun 2025"])
def test_dates_are_read_in_the_usual_forms(typed: str) -> None:
    assert parse(START, typed) == date(2025, 6, 1)


@pytest.mark.parametrize(
    "typed", ["2025-02-29", "31 6 2025", "2008-12-31", "2101-01-01", "0 0 0", "1 Maybe 2025", "2025"]
)
def test_dates_that_are_not_real_or_out_of_bounds_are_refused(typed: str) -> None:
    with pytest.raises(FactValueError):
        parse(START, typed)


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_answer_asks_for_one(typed: str) -> None:
    with pytest.raises(FactValueError, match=r"^Enter bond or cash deposit$"):
        parse(BOND, typed)
    with pytest.raises(FactValueError, match=r"^Select an answer for bond required$"):
        parse(FACTS["bond_required"], typed)


@pytest.mark.parametrize("definition", FACTS.values(), ids=lambda definition: definition.id)
def test_every_fact_survives_json(definition: FactDefinition) -> None:
    @given(value=values_of(definition))
    def survives(value: FactValue) -> None:
        again = from_json(definition, to_json(definition, value))
        assert again == value
        assert type(again) is type(value)
        assert definition.accepts(value)

    survives()


@given(text=st.text(max_size=30))
def test_any_text_gives_a_value_within_bounds_or_a_named_error(text: str) -> None:
    for definition in FACTS.values():
        refused: str | None = None
        try:
            assert definition.accepts(parse(definition, text))
        except FactValueError as error:
            refused = error.field
        assert refused in {None, definition.id}


@given(pence=st.integers(0, 10**14))
def test_a_displayed_amount_can_be_typed_back(pence: int) -> None:
    assert parse(BOND, display(BOND, pence)) == pence


@pytest.mark.parametrize(
    ("fact_id", "value", "shown"),
    [
        ("bond_gbp", 500_000_000, "£5,000,000"),
        ("bond_gbp", 120_050, "£1,200.50"),
        ("min_years_accounts", 5, "5 years"),
        ("min_years_accounts", 1, "1 year"),
        ("bond_pct", Decimal("12.50"), "12.5%"),
        ("turnover_multiple", Decimal(2), "2 times"),
        ("procurement_start_date", date(2025, 6, 1), "1 June 2025"),
        ("contract_kind", "works", "Building or engineering works"),
        ("pcg_required", True, "Yes"),
    ],
)
def test_values_are_written_for_people(fact_id: str, value: FactValue, shown: str) -> None:
    assert display(FACTS[fact_id], value) == shown


@pytest.mark.parametrize(
    ("fact_id", "raw"),
    [
        ("bond_gbp", True),
        ("bond_gbp", "5000000"),
        ("bond_gbp", {"amount": "5", "currency": "USD"}),
        ("bond_gbp", {"amount": 5, "currency": "GBP"}),
        ("bond_gbp", float("nan")),
        ("bond_gbp", 1.005),
        ("bond_gbp", 10**13),
        ("bond_gbp", [5]),
        ("min_years_accounts", 5.0),
        ("min_years_accounts", True),
        ("pcg_required", 1),
        ("pcg_required", "yes"),
        ("procurement_start_date", "1 6 2025"),
        ("procurement_start_date", 20250601),
        ("contract_kind", "sorcery"),
        ("bond_pct", True),
    ],
)
def test_json_of_the_wrong_type_is_refused(fact_id: str, raw: object) -> None:
    with pytest.raises(FactValueError):
        from_json(FACTS[fact_id], raw)  # type: ignore[arg-type]


def test_json_money_may_be_a_number_of_pounds() -> None:
    assert from_json(BOND, 5_000_000) == 500_000_000
    assert from_json(BOND, 1200.5) == 120_050
    assert from_json(BOND, Decimal("1200.50")) == 120_050


def test_facts_are_read_by_id_or_alias_and_null_is_not_known() -> None:
    facts = read_facts(FACTS, {"bond_percent": 10, "accounts_years": 5, "pcg_required": None})

    assert facts == {"bond_pct": Decimal(10), "min_years_accounts": 5}


@pytest.mark.parametrize("raw", [{"nonsense": 1}, {"bond_pct": 10, "bond_percent": 10}])
def test_unknown_or_repeated_facts_are_refused_by_name(raw: dict[str, int]) -> None:
    with pytest.raises(FactValueError) as caught:
        read_facts(FACTS, raw)
    assert caught.value.field == list(raw)[-1]
