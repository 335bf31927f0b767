"""What must hold for any facts: order does not matter, more is never better, and what is missing could decide."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mystery_shopper.facts.definitions import FactDefinition, FactType, FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.questions import questions_for
from mystery_shopper.rules.results import Outcome

PACK = catalogue()
FACTS = registry()
STARTS = st.dates(date(2014, 1, 1), date(2027, 12, 31))
DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))
SWEEPS = 40


def some_value(definition: FactDefinition) -> st.SearchStrategy[FactValue]:
    if definition.type is FactType.BOOLEAN:
        return st.booleans()
    if definition.type is FactType.CHOICE:
        return st.sampled_from(sorted(definition.option_ids))
    if definition.type is FactType.DATE:
        return DAYS
    if definition.type is FactType.TEXT:
        return st.just("ISO 9001")
    if definition.type is FactType.MONEY:
        return st.integers(1, 10**10)
    if definition.type in {FactType.PERCENTAGE, FactType.MULTIPLE}:
        return st.decimals(0, 100, places=1)
    return st.integers(1, 60).filter(definition.accepts)


@st.composite
def fact_sets(draw: st.DrawFn, about: tuple[str, ...] = tuple(FACTS)) -> dict[str, FactValue]:
    """Some facts about a procurement, out of `about`."""
    known = draw(st.lists(st.sampled_from(about), max_size=12, unique=True))
    return {fact_id: draw(some_value(FACTS[fact_id])) for fact_id in known}


@settings(deadline=None)
@given(facts=fact_sets())
def test_the_answers_do_not_depend_on_the_order_of_facts_or_on_the_other_rules(facts: dict[str, FactValue]) -> None:
    whole = evaluate(facts, catalogue=PACK)
    turned = evaluate(dict(reversed(facts.items())), catalogue=PACK)

    assert whole == turned
    assert [result.rule_id for result in whole.results] == sorted(result.rule_id for result in whole.results)
    for result in whole.results[::7]:
        alone = evaluate(facts, catalogue=PACK, rule_ids=[result.rule_id])
        assert alone.results == (result,)


@settings(deadline=None)
@given(facts=fact_sets(), start=STARTS)
def test_every_result_is_complete(facts: dict[str, FactValue], start: date) -> None:
    known = {**facts, "procurement_start_date": start}
    for result in evaluate(known, catalogue=PACK).results:
        assert result.explanation
        assert set(result.missing).isdisjoint(known)
        assert set(result.open_facts).isdisjoint(known)
        assert {name: known[name] for name in result.inputs} == dict(result.inputs)
        assert (result.outcome is Outcome.UNDECIDED) == bool(result.missing or result.figures_missing)


@settings(deadline=None)
@given(
    facts=fact_sets(tuple(sorted(PACK.rule("FIN-BOND").facts - {"bond_pct", "bond_gbp", "procurement_start_date"}))),
    start=STARTS,
    bonds=st.tuples(st.integers(1, 10**10), st.integers(0, 10**10)),
)
def test_a_bigger_bond_never_clears_or_softens_a_flag(
    facts: dict[str, FactValue], start: date, bonds: tuple[int, int]
) -> None:
    small, more = bonds
    known = {**facts, "procurement_start_date": start}
    before = evaluate({**known, "bond_gbp": small}, catalogue=PACK, rule_ids=["FIN-BOND"]).results[0]
    after = evaluate({**known, "bond_gbp": small + more}, catalogue=PACK, rule_ids=["FIN-BOND"]).results[0]

    if before.outcome is Outcome.RAISED:
        assert after.outcome is Outcome.RAISED
        assert after.severity >= before.severity


MONOTONE = [
    ("FIN-TURNOVER-2X", "min_turnover_gbp", {"estimated_value_gbp": 10**8}, [10**8, 2 * 10**8, 2 * 10**8 + 1, 10**10]),
    ("FIN-TRADING-HISTORY", "min_years_accounts", {"alternative_evidence_accepted": False}, [0, 1, 2, 3, 4, 10]),
    ("INS-LEVEL", "public_liability_gbp", {"estimated_value_gbp": 10**8}, [1, 5 * 10**8, 5 * 10**8 + 1, 10**9 + 1]),
    ("PAY-30", "contract_payment_days", {}, [30, 31, 90]),
    ("EXP-REFERENCE-WINDOW", "reference_years_required", {"contract_kind": "goods"}, [1, 3, 4, 9]),
]


@pytest.mark.parametrize(("rule_id", "fact_id", "others", "steps"), MONOTONE, ids=[row[0] for row in MONOTONE])
@pytest.mark.parametrize("start", [date(2019, 3, 1), date(2025, 6, 1)])
def test_a_heavier_demand_never_lightens_the_answer(
    rule_id: str, fact_id: str, others: Mapping[str, FactValue], steps: list[int], start: date
) -> None:
    weights = []
    for step in steps:
        facts: dict[str, FactValue] = {**others, "procurement_start_date": start, fact_id: step}
        result = evaluate(facts, catalogue=PACK, rule_ids=[rule_id]).results[0]
        weights.append(result.severity if result.outcome is Outcome.RAISED else 0)

    assert weights == sorted(weights)
    assert weights[0] == 0
    assert weights[-1] > 0


def candidates(definition: FactDefinition, facts: Mapping[str, FactValue]) -> list[FactValue]:
    """Values worth trying for a fact: its extremes, and values on both sides of those already known."""
    if definition.type is FactType.BOOLEAN:
        return [True, False]
    if definition.type is FactType.CHOICE:
        return sorted(definition.option_ids)
    if definition.type is FactType.DATE:
        days = [value for value in facts.values() if isinstance(value, date)]
        near = [day + timedelta(days=step) for day in days for step in (-400, -1, 0, 1, 40, 4000)]
        return [day for day in [date(2009, 1, 1), date(2100, 12, 31), *near] if definition.accepts(day)]
    if definition.type in {FactType.PERCENTAGE, FactType.MULTIPLE}:
        return [Decimal(0), Decimal(15), Decimal(1000)]
    if definition.type is FactType.TEXT:
        return ["x"]
    numbers = [v for v in facts.values() if isinstance(v, int) and not isinstance(v, bool)]
    wanted = [0, 1, 2, 8, 31, 200, 1000, 10**7, 10**14, *numbers, *(n + 1 for n in numbers), *(n // 2 for n in numbers)]
    return [value for value in wanted if definition.accepts(value)]


RULE_IDS = [rule.id for rule in PACK.rules]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), rule_id=st.sampled_from(RULE_IDS), start=st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_the_missing_facts_can_decide(data: st.DataObject, rule_id: str, start: date) -> None:
    """For an undecided result some values of the missing facts, and of those they lead to, give an answer."""
    rule = PACK.rule(rule_id)
    own = tuple(sorted(rule.facts - {"procurement_start_date"}))
    known: dict[str, FactValue] = {**data.draw(fact_sets(own)), "procurement_start_date": start}
    first = evaluate(known, catalogue=PACK, rule_ids=[rule_id]).results[0]
    if first.outcome is not Outcome.UNDECIDED or first.figures_missing:
        return
    chance = Random(rule_id)
    for _ in range(SWEEPS):
        facts = dict(known)
        result = first
        while result.outcome is Outcome.UNDECIDED and result.missing:
            fact_id = chance.choice(result.missing)
            facts[fact_id] = chance.choice(candidates(FACTS[fact_id], facts))
            result = evaluate(facts, catalogue=PACK, rule_ids=[rule_id]).results[0]
        if result.outcome is not Outcome.UNDECIDED:
            return
    pytest.fail(f"{rule_id} stays undecided whatever {first.missing} are, given {known}")


@settings(deadline=None)
@given(facts=fact_sets())
def test_questions_are_asked_once_and_only_of_what_is_not_known(facts: dict[str, FactValue]) -> None:
    evaluation = evaluate(facts, catalogue=PACK)
    questions = questions_for(evaluation, catalogue=PACK)

    assert len(questions) == len(set(questions))
    assert set(questions).isdisjoint(facts)
    assert all(FACTS[fact_id].asked_of == "reporter" for fact_id in questions)
    if evaluation.missing and questions:
        assert questions[0] == "procurement_start_date"


def test_nothing_is_asked_about_what_nobody_mentioned() -> None:
    assert questions_for(evaluate({"procurement_start_date": date(2025, 6, 1)}, catalogue=PACK)) == ()


def test_the_fact_that_decides_most_is_asked_first() -> None:
    facts: dict[str, FactValue] = {
        "procurement_start_date": date(2025, 6, 1),
        "min_years_accounts": 2,
        "audited_accounts_required": True,
        "certification_required": True,
    }

    questions = questions_for(evaluate(facts, catalogue=PACK))

    assert questions[:2] == ("limited_to_those_legally_audited", "alternative_evidence_accepted")


def test_only_the_rules_complained_of_are_asked_about() -> None:
    facts: dict[str, FactValue] = {
        "procurement_start_date": date(2025, 6, 1),
        "deadline_date": date(2025, 7, 1),
        "min_years_accounts": 2,
    }
    evaluation = evaluate(facts, catalogue=PACK)

    everything = questions_for(evaluation, catalogue=PACK)
    asked = questions_for(evaluation, catalogue=PACK, about={"FIN-TRADING-HISTORY"})

    assert "notice_date" in everything
    assert asked == ("alternative_evidence_accepted",)
