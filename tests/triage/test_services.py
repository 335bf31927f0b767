"""Flags and routes as they are stored: on filing, on new facts, after decisions."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.events import FlagsEvaluated
from mystery_shopper.cases.models import Case, FactSource, FlagDecision
from mystery_shopper.cases.queries import find_flag, get_case_for_update, list_events, list_flags
from mystery_shopper.cases.services import NewFact, add_facts
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.triage.queries import rule_counts
from mystery_shopper.triage.services import decide_flag, triage_case
from tests.factories.reports import POUNDS, Filed, facts_of
from tests.factories.staff import Member

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def worker(make_user: Callable[..., Member]) -> StaffMember:
    return get_user(make_user("caseworker").id).to_staff_member()


@pytest.fixture
def case(file_report: Callable[..., Filed]) -> Case:
    return get_case_for_update(file_report().case_id)


def state(case: Case, **values: object) -> None:
    facts = [
        NewFact(fact_id=fact.fact_id, value=fact.value, source=FactSource.STAFF, is_confirmed=True)
        for fact in facts_of(values)
    ]
    add_facts(case, facts, actor="system", now=clock.utc_now())


def decide(case: Case, rule_id: str, decision: FlagDecision, worker: StaffMember) -> None:
    flag = find_flag(case, rule_id)
    assert flag
    decide_flag(case, flag, decision, reason="Seen", version=flag.version, decider=worker, now=clock.utc_now())


def test_filing_raises_the_flags_and_routes_in_one_transaction(case: Case) -> None:
    raised = {flag.rule_id for flag in list_flags(case) if flag.outcome == "raised"}
    assert {"FIN-BOND", "FIN-TRADING-HISTORY"} <= raised
    assert case.regime == "PA23"
    assert (case.queue, case.scope) == ("find-authority", "check")
    assert case.target_on is not None


def test_procurement_of_2019_is_judged_under_the_regulations_of_2015(file_report: Callable[..., Filed]) -> None:
    facts = {
        "bond_gbp": 5_000_000 * POUNDS,
        "estimated_value_gbp": 1_200_000 * POUNDS,
        "procurement_start_date": date(2019, 3, 1),
    }
    case = get_case_for_update(file_report(facts=facts).case_id)
    flag = find_flag(case, "FIN-BOND")
    assert flag
    assert (case.regime, flag.regime, flag.outcome) == ("PCR2015", "PCR2015", "raised")


def test_missing_start_date_leaves_the_flag_undecided_and_names_it(file_report: Callable[..., Filed]) -> None:
    facts = {"bond_gbp": 5_000_000 * POUNDS, "estimated_value_gbp": 1_200_000 * POUNDS}
    case = get_case_for_update(file_report(facts=facts).case_id)
    flag = find_flag(case, "FIN-BOND")
    assert flag
    assert flag.outcome == "undecided"
    assert "procurement_start_date" in flag.result_json(case.data_key)["missing"]


def test_live_tender_comes_first(file_report: Callable[..., Filed]) -> None:
    soon = clock.today() + timedelta(days=3)
    case = get_case_for_update(file_report(tender_closes_on=soon).case_id)
    assert (case.queue, case.priority) == ("live-tender", "urgent")
    assert (case.due_on, case.due_kind) in {(soon, "tender"), (case.step_due_on, "step")}


def test_rules_applied_again_to_the_same_facts_change_no_flag(case: Case) -> None:
    before = {flag.id for flag in list_flags(case)}
    triage_case(case, actor="system", now=clock.utc_now())
    assert {flag.id for flag in list_flags(case)} == before


def test_decision_outlives_a_fact_that_changes_nothing(case: Case, worker: StaffMember) -> None:
    decide(case, "FIN-BOND", FlagDecision.CONFIRMED, worker)
    state(case, bond_gbp=4_000_000 * POUNDS)
    flag = find_flag(case, "FIN-BOND")
    assert flag
    assert flag.decision is FlagDecision.CONFIRMED
    assert flag.reason(case.data_key) == "Seen"
    assert flag.decided_by == worker.id


def test_decision_ends_with_the_answer_it_was_about(case: Case, worker: StaffMember) -> None:
    decide(case, "FIN-BOND", FlagDecision.OVERRULED, worker)
    state(case, bond_gbp=1 * POUNDS)
    flag = find_flag(case, "FIN-BOND")
    assert flag
    assert flag.outcome != "raised"
    assert flag.decision is FlagDecision.UNDECIDED


def test_there_is_one_flag_in_force_for_each_rule(case: Case) -> None:
    for bond in (1, 3_000_000, 1, 5_000_000):
        state(case, bond_gbp=bond * POUNDS)
    rules = [flag.rule_id for flag in list_flags(case)]
    assert len(rules) == len(set(rules))


def test_flag_decided_by_somebody_else_meanwhile_is_not_overwritten(case: Case, worker: StaffMember) -> None:
    flag = find_flag(case, "FIN-BOND")
    assert flag
    seen = flag.version
    decide(case, "FIN-BOND", FlagDecision.CONFIRMED, worker)
    with pytest.raises(StaleEditError):
        decide_flag(case, flag, FlagDecision.OVERRULED, reason="No", version=seen, decider=worker, now=clock.utc_now())
    assert flag.decision is FlagDecision.CONFIRMED


def test_flag_that_is_not_raised_cannot_be_decided(case: Case, worker: StaffMember) -> None:
    state(case, bond_gbp=1 * POUNDS)
    with pytest.raises(DomainError, match="Only a raised flag"):
        decide(case, "FIN-BOND", FlagDecision.CONFIRMED, worker)


def test_corrected_start_date_changes_the_law_of_the_case(case: Case) -> None:
    state(case, procurement_start_date=date(2019, 3, 1))
    assert case.regime == "PCR2015"
    assert case.procurement_started_on == date(2019, 3, 1)


def test_counts_of_a_rule_follow_its_flags(case: Case, worker: StaffMember) -> None:
    assert rule_counts()["FIN-BOND"].raised == 1
    decide(case, "FIN-BOND", FlagDecision.OVERRULED, worker)
    counts = rule_counts()["FIN-BOND"]
    assert (counts.raised, counts.confirmed, counts.overruled) == (1, 0, 1)


def test_event_says_what_was_raised(case: Case) -> None:
    events = [row.to_event(case.data_key) for row in list_events(case)]
    evaluated = next(event for event in events if isinstance(event, FlagsEvaluated))
    assert "FIN-BOND" in evaluated.raised


def test_undone_step_leaves_no_flag(app: Flask, case: Case) -> None:
    case_id = case.id
    db.session.commit()

    def lower_the_bond_and_fail() -> None:
        with transaction():
            state(get_case_for_update(case_id), bond_gbp=1 * POUNDS)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        lower_the_bond_and_fail()
    flag = find_flag(get_case_for_update(case_id), "FIN-BOND")
    assert flag
    assert flag.outcome == "raised"
