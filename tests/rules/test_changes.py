"""The nearest value that would change a result: it does change it, and the value one step nearer does not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mystery_shopper.facts.definitions import FactType, FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.changes import Change, Operator, in_words, nearest_changes
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import shipped_catalogue
from mystery_shopper.rules.results import Outcome, RuleResult
from tests.rules.test_properties import some_value

PACK = shipped_catalogue()
FACTS = registry()
POUND = 100
START = date(2025, 6, 1)
CONTRACT: dict[str, FactValue] = {
    "procurement_start_date": START,
    "contract_kind": "services",
    "estimated_value_gbp": 1_200_000 * POUND,
}


def judge(rule_id: str, facts: dict[str, FactValue]) -> RuleResult:
    return evaluate(facts, catalogue=PACK, rule_ids=[rule_id]).results[0]


def changes_of(rule_id: str, **stated: FactValue) -> tuple[Change, ...]:
    facts = {**CONTRACT, **stated}
    return nearest_changes(judge(rule_id, facts), facts, PACK)


@pytest.mark.parametrize(
    ("rule_id", "stated", "words"),
    [
        ("FIN-BOND", {"bond_gbp": 5_000_000 * POUND}, "Bond or cash deposit: £120,000 or less"),
        ("FIN-TURNOVER-2X", {"min_turnover_gbp": 9_000_000 * POUND}, "Minimum yearly turnover: £2,400,000 or less"),
        ("INS-LEVEL", {"public_liability_gbp": 10_000_000 * POUND}, "Public liability cover: £6,000,000 or less"),
        (
            "INS-BEFORE-AWARD",
            {"insurance_timing": "at-bid"},
            "When insurance must be in place: A commitment to obtain it is enough",
        ),
    ],
)
def test_a_raised_rule_says_what_would_not_raise_it(rule_id: str, stated: dict[str, FactValue], words: str) -> None:
    assert words in [in_words(change, PACK) for change in changes_of(rule_id, **stated)]


def test_the_boundary_is_exact_to_the_penny() -> None:
    change = next(one for one in changes_of("FIN-BOND", bond_gbp=5_000_000 * POUND) if one.fact_id == "bond_gbp")

    assert change.value == 120_000 * POUND
    assert change.distance == Decimal(4_880_000 * POUND)
    assert judge("FIN-BOND", {**CONTRACT, "bond_gbp": change.value}).outcome is not Outcome.RAISED
    assert judge("FIN-BOND", {**CONTRACT, "bond_gbp": 120_000 * POUND + 1}).outcome is Outcome.RAISED


def test_a_cleared_rule_says_what_would_raise_it() -> None:
    found = changes_of("FIN-TURNOVER-2X", min_turnover_gbp=1_000_000 * POUND)
    change = next(one for one in found if one.fact_id == "min_turnover_gbp")

    assert (change.operator, change.leads_to) == (Operator.AT_LEAST, Outcome.RAISED)
    assert change.value == 2_400_000 * POUND + 1


def test_a_rule_of_another_version_says_nothing() -> None:
    facts = {**CONTRACT, "bond_gbp": 5_000_000 * POUND}
    other = replace(PACK, rules=tuple(replace(rule, version="another") for rule in PACK.rules))

    assert nearest_changes(judge("FIN-BOND", facts), facts, other) == ()


@settings(deadline=None, max_examples=150)
@given(data=st.data(), rule_id=st.sampled_from([rule.id for rule in PACK.rules]))
def test_a_change_changes_and_one_step_nearer_does_not(data: st.DataObject, rule_id: str) -> None:
    about = sorted(PACK.rule(rule_id).facts & set(FACTS))
    known = data.draw(st.lists(st.sampled_from(about), max_size=8, unique=True))
    facts = {**CONTRACT, **{fact_id: data.draw(some_value(FACTS[fact_id])) for fact_id in known}}
    facts["procurement_start_date"] = data.draw(st.dates(date(2015, 3, 1), date(2027, 1, 1)))
    result = judge(rule_id, facts)

    for change in nearest_changes(result, facts, PACK):
        assert FACTS[change.fact_id].accepts(change.value)
        assert judge(rule_id, {**facts, change.fact_id: change.value}).outcome is change.leads_to is not result.outcome
        nearer = one_step_nearer(change)
        if nearer is not None and FACTS[change.fact_id].accepts(nearer):
            before = judge(rule_id, {**facts, change.fact_id: nearer}).outcome
            assert before not in {Outcome.CLEARED, Outcome.UNDECIDED} or result.outcome is Outcome.CLEARED
            assert before is not Outcome.RAISED or result.outcome is Outcome.RAISED
        assert in_words(change, PACK)


def one_step_nearer(change: Change) -> FactValue | None:
    way = {Operator.AT_MOST: 1, Operator.AT_LEAST: -1}.get(change.operator)
    if way is None:
        return None
    value = change.value
    if isinstance(value, date):
        return value + timedelta(days=way)
    if FACTS[change.fact_id].type in {FactType.PERCENTAGE, FactType.MULTIPLE}:
        assert isinstance(value, Decimal)
        return value + way * Decimal("0.01")
    assert isinstance(value, int)
    return value + way
