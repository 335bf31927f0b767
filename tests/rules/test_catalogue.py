"""Every rule of the running pack, each raised, cleared and undecided at the edge of its test."""

from datetime import date

import pytest

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import catalogue, families
from mystery_shopper.rules.results import Basis, Kind, Outcome, RuleResult
from tests.rules.cases import CASES, Case, typed

PACK = catalogue()
EXAMPLE: dict[str, FactValue] = {"bond_gbp": 500_000_000, "estimated_value_gbp": 120_000_000, "min_years_accounts": 5}


def judge(rule_id: str, facts: dict[str, object], start: date | None) -> RuleResult:
    """Judge one rule; money in `facts` is in pounds."""
    return evaluate(typed(start, facts), catalogue=PACK, rule_ids=[rule_id]).results[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_answers_as_its_source_says(case: Case) -> None:
    result = evaluate(case.facts, catalogue=PACK, rule_ids=[case.rule_id]).results[0]

    assert result.outcome == case.outcome, result.explanation
    assert result.test == case.test
    assert case.missing <= set(result.missing)
    assert set(result.missing).isdisjoint(case.facts)
    if result.outcome is Outcome.RAISED:
        assert result.triggered
        assert result.missing == ()
    if result.outcome is not Outcome.NOT_APPLICABLE:
        assert result.sources


def test_every_rule_is_seen_raised_cleared_and_undecided() -> None:
    raised = {case.rule_id for case in CASES if case.outcome == "raised"}
    cleared = {case.rule_id for case in CASES if case.outcome in {"cleared", "not-applicable"}}
    undecided = {case.rule_id for case in CASES if case.outcome == "undecided"}

    assert raised == cleared == undecided == {rule.id for rule in PACK.rules}
    assert len(PACK.rules) == 39


@pytest.mark.parametrize("case", [case for case in CASES if case.outcome == "raised"], ids=str)
def test_an_explanation_speaks_no_stronger_than_its_kind(case: Case) -> None:
    result = evaluate(case.facts, catalogue=PACK, rule_ids=[case.rule_id]).results[0]
    text = f"{result.explanation} {result.margin}".lower()

    assert "breach" not in text
    assert "illegal" not in text
    assert "{" not in text
    if result.kind is Kind.HARD:
        assert any(word in text for word in ("may not", "not allowed", "must"))
    else:
        assert "not allowed" not in text


@pytest.mark.parametrize(("start", "regime"), [(date(2025, 6, 1), "PA23"), (date(2019, 3, 1), "PCR2015")])
def test_a_huge_bond_and_five_years_of_accounts_are_raised_in_both_regimes(start: date, regime: str) -> None:
    evaluation = evaluate({**EXAMPLE, "procurement_start_date": start}, catalogue=PACK)

    assert evaluation.regime == regime
    assert [(r.rule_id, r.kind, r.level) for r in evaluation.raised] == [
        ("FIN-BOND", "judgement", "high"),
        ("FIN-TRADING-HISTORY", "rebuttable", "high"),
    ]
    bond = evaluation.result("FIN-BOND")
    assert "416.67%" in bond.margin
    assert [use.basis for use in bond.thresholds][:1] == [Basis.PROJECT_ASSUMPTION]
    assert bond.inputs["bond_gbp"] == 500_000_000
    assert {source.regime for source in bond.sources} <= {regime, None}
    section = next(s.section for s in evaluation.result("FIN-TRADING-HISTORY").sources)
    assert section.startswith("reg 60(6)(c)" if regime == "PCR2015" else "s.22")


def test_without_a_start_date_the_same_facts_are_undecided_for_want_of_it() -> None:
    evaluation = evaluate(EXAMPLE, catalogue=PACK)

    assert evaluation.regime is None
    assert evaluation.missing == ("procurement_start_date",)
    for rule_id in ("FIN-BOND", "FIN-TRADING-HISTORY"):
        assert evaluation.result(rule_id).outcome is Outcome.UNDECIDED
        assert evaluation.result(rule_id).missing == ("procurement_start_date",)


def test_without_a_start_date_a_rule_no_regime_could_raise_is_not_raised() -> None:
    assert judge("PQQ-BELOW-THRESHOLD", {"has_prequalification_stage": False}, None).outcome is Outcome.CLEARED


@pytest.mark.parametrize(
    ("start", "regime"),
    [
        (date(2015, 2, 25), "PCR2006"),
        (date(2015, 2, 26), "PCR2015"),
        (date(2025, 2, 23), "PCR2015"),
        (date(2025, 2, 24), "PA23"),
        (date(2025, 12, 31), "PA23"),
        (date(2026, 1, 1), "PA23"),
    ],
)
def test_the_regime_changes_on_the_day(start: date, regime: str) -> None:
    evaluation = evaluate({"procurement_start_date": start}, catalogue=PACK)

    assert evaluation.regime == regime
    if regime == "PCR2006":
        assert {result.outcome for result in evaluation.results} == {Outcome.NOT_APPLICABLE}
        assert "Public Contracts Regulations 2006" in evaluation.results[0].explanation


@pytest.mark.parametrize(
    ("start", "healthcare", "regime", "assumed"),
    [
        (date(2023, 12, 31), True, "PCR2015", ()),
        (date(2024, 1, 1), True, "PSR2023", ()),
        (date(2024, 1, 1), False, "PCR2015", ()),
        (date(2024, 1, 1), None, "PCR2015", ("is_healthcare_service",)),
        (date(2025, 2, 24), True, "PSR2023", ()),
    ],
)
def test_health_care_services_have_their_own_regime_from_2024(
    start: date, healthcare: bool | None, regime: str, assumed: tuple[str, ...]
) -> None:
    facts: dict[str, FactValue] = {"procurement_start_date": start}
    if healthcare is not None:
        facts["is_healthcare_service"] = healthcare

    evaluation = evaluate(facts, catalogue=PACK)

    assert (evaluation.regime, evaluation.assumed) == (regime, assumed)


@pytest.mark.parametrize(
    ("start", "value", "outcome"),
    [
        (date(2025, 12, 31), 139_687, "raised"),
        (date(2025, 12, 31), 139_688, "cleared"),
        (date(2026, 1, 1), 135_017, "raised"),
        (date(2026, 1, 1), 135_018, "cleared"),
        (date(2023, 12, 31), 138_759, "raised"),
        (date(2023, 12, 31), 138_760, "cleared"),
        (date(2024, 1, 1), 138_760, "raised"),
    ],
)
def test_thresholds_change_on_the_day(start: date, value: int, outcome: str) -> None:
    facts: dict[str, object] = {
        "has_prequalification_stage": True,
        "estimated_value_gbp_inc_vat": value,
        "contract_kind": "services",
        "light_touch": False,
        "authority_class_pcr": "central",
        "authority_class_pa23": "central",
    }

    assert judge("PQQ-BELOW-THRESHOLD", facts, start).outcome == outcome


def test_a_threshold_that_is_not_held_leaves_the_rule_undecided_and_says_so() -> None:
    facts: dict[str, object] = {
        "has_prequalification_stage": True,
        "estimated_value_gbp": 100_000,
        "authority_class_pcr": "central",
    }

    result = judge("PQQ-BELOW-THRESHOLD", facts, date(2018, 6, 1))

    assert result.outcome is Outcome.UNDECIDED
    assert result.missing == ()
    assert result.figures_missing == ("threshold-goods-services",)
    assert "do not hold a checked figure" in result.explanation


@pytest.mark.parametrize(
    ("start", "value", "outcome"), [(date(2022, 12, 20), 10_000, "raised"), (date(2022, 12, 21), 10_000, "cleared")]
)
def test_the_floor_of_the_portal_rose_in_december_2022(start: date, value: int, outcome: str) -> None:
    facts: dict[str, object] = {
        "advertised_openly": True,
        "published_on_portal": False,
        "estimated_value_gbp_inc_vat": value,
        "portal_class_pcr": "central",
    }

    assert judge("ADV-BELOW", facts, start).outcome == outcome


def test_only_facts_that_could_change_the_answer_are_missing() -> None:
    far_above = judge("LOTS-NOT-CONSIDERED", {"estimated_value_gbp": 9_000_000, "uses_lots": False}, date(2025, 6, 1))
    small = judge("INS-LEVEL", {"public_liability_gbp": 4_000_000}, date(2025, 6, 1))

    assert far_above.missing == ("lots_reason_given",)
    assert small.outcome is Outcome.CLEARED


def test_every_family_leads_to_rules_and_every_rule_to_a_family() -> None:
    listed = [rule_id for family in families() for rule_id in family.rules]

    assert sorted(listed) == [rule.id for rule in PACK.rules]
    assert families()[-1].id == "something-else"


def test_every_assumption_of_ours_says_so() -> None:
    for parameter in PACK.parameters.values():
        if parameter.basis is Basis.PROJECT_ASSUMPTION:
            assert all("Assumption of this project" in row.source for row in parameter.rows)
        else:
            assert all(row.source.startswith("http") for row in parameter.rows)


def test_every_source_that_was_read_has_an_address() -> None:
    assert all(source.address for rule in PACK.rules for source in rule.sources if source.verified)
