"""What differs, facts written small, and outcomes without words: pure, with generated facts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactType, FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.replays.policy import (
    Standing,
    changed_rules,
    differences,
    read_small,
    reader_of,
    write_small,
)
from mystery_shopper.replays.states import Change
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import shipped_catalogue
from mystery_shopper.rules.outcomes import outcomes
from mystery_shopper.rules.results import Outcome

PACK = shipped_catalogue()
RAISED_3, RAISED_5 = Standing(Outcome.RAISED, 3), Standing(Outcome.RAISED, 5)
CLEARED, UNDECIDED = Standing(Outcome.CLEARED, 3), Standing(Outcome.UNDECIDED, 3)


def values_of(definition: FactDefinition) -> st.SearchStrategy[FactValue]:
    """Return values a definition accepts, those at its edges among them."""
    if definition.type is FactType.BOOLEAN:
        return st.booleans()
    if definition.type is FactType.CHOICE:
        return st.sampled_from(sorted(definition.option_ids))
    if definition.type is FactType.TEXT:
        return st.just("some words")
    if definition.type is FactType.DATE:
        return st.dates(date(2007, 1, 1), date(2027, 12, 31))
    if definition.type in DECIMALS:
        return st.decimals(0, 60, places=1)
    return st.integers(0, 5_000_000 if definition.type is FactType.MONEY else 40)


FACTS_OF_RULES = sorted({fact_id for rule in PACK.rules for fact_id in rule.facts})


@st.composite
def facts_of_some_rules(draw: st.DrawFn) -> dict[str, FactValue]:
    """Draw facts: those of a rule or two, mostly with the day the procurement started, and some of others."""
    rules = draw(st.lists(st.sampled_from(PACK.rules), max_size=2))
    near = sorted({fact_id for rule in rules for fact_id in rule.facts}) or FACTS_OF_RULES
    chosen = draw(st.sets(st.sampled_from(near), max_size=12)) | draw(
        st.sets(st.sampled_from(FACTS_OF_RULES), max_size=3)
    )
    if draw(st.integers(0, 9)):
        chosen |= {"procurement_start_date"}
    return {name: draw(values_of(registry()[name])) for name in sorted(chosen)}


FACTS = facts_of_some_rules()


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, RAISED_3, Change.APPEARS),
        (CLEARED, RAISED_3, Change.APPEARS),
        (UNDECIDED, RAISED_3, Change.APPEARS),
        (RAISED_3, None, Change.VANISHES),
        (RAISED_3, CLEARED, Change.VANISHES),
        (RAISED_3, UNDECIDED, Change.VANISHES),
        (RAISED_3, RAISED_5, Change.RISES),
        (RAISED_5, RAISED_3, Change.FALLS),
        (UNDECIDED, CLEARED, Change.OTHER),
        (None, CLEARED, Change.OTHER),
        (RAISED_3, RAISED_3, None),
        (CLEARED, CLEARED._replace(severity=5), None),
    ],
)
def test_each_pair_of_answers_has_one_name(
    before: Standing | None, after: Standing | None, change: Change | None
) -> None:
    old = {} if before is None else {"R": before}
    new = {} if after is None else {"R": after}
    assert [one.change for one in differences(old, new)] == ([] if change is None else [change])


def test_a_flag_a_person_decided_is_kept() -> None:
    (one,) = differences({"R": RAISED_3._replace(is_decided=True)}, {})
    assert one.is_kept


def test_rules_differ_by_version_or_by_being_in_one_catalogue_only() -> None:
    assert changed_rules({"A": "1", "B": "1", "C": "1"}, {"A": "1", "B": "2", "D": "1"}) == {"B", "C", "D"}


@given(FACTS)
def test_facts_written_small_come_back_as_they_were(values: dict[str, FactValue]) -> None:
    accepted = {name: value for name, value in values.items() if registry()[name].accepts(value)}
    readers = {name: reader_of(registry()[name]) for name in registry()}
    assert read_small(write_small(accepted), readers) == accepted


@pytest.mark.parametrize("wrong", [True, -1, 10**15, "2025-02-30", "x", "NaN", "Infinity", "", "1e999"])
def test_a_reader_gives_only_what_the_definition_accepts(wrong: bool | int | str) -> None:
    for definition in registry().values():
        read = reader_of(definition)(wrong)
        assert read is None or definition.accepts(read), definition.id


@settings(max_examples=300)
@given(FACTS)
def test_outcomes_without_words_are_those_of_the_engine(values: dict[str, FactValue]) -> None:
    accepted = {name: value for name, value in values.items() if registry()[name].accepts(value)}
    whole = [
        (one.rule_id, one.rule_version, one.outcome, one.severity, one.triggered)
        for one in evaluate(accepted, catalogue=PACK).results
    ]
    assert [tuple(one) for one in outcomes(accepted, catalogue=PACK)] == whole


def test_decimals_keep_their_digits() -> None:
    assert write_small({"bond_pct": Decimal("7.50"), "day": date(2025, 6, 1)}) == {
        "bond_pct": "7.50",
        "day": "2025-06-01",
    }
