"""Writes of triage: apply the rules to a case, route it, record what a caseworker makes of a flag."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.assessment import assess, register_facts
from mystery_shopper.cases.events import FlagDecided, FlagsEvaluated
from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import list_flags
from mystery_shopper.cases.services import next_tender, record
from mystery_shopper.cases.services import route as route_case
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.vault import seal, seal_json
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.results import Evaluation, Outcome, RuleResult
from mystery_shopper.rules.schemas import result_json
from mystery_shopper.triage import policy
from mystery_shopper.triage.queries import barriers, fact_values, scope_answers

NO_VERSION = ""
"""Stands for the version of a rule that is no longer in the catalogue."""


def triage_case(case: Case, *, actor: str, now: datetime) -> Evaluation:
    """Apply the rules to what is known of a case and keep the results as its flags.

    A flag that says the same as before stays as it is. A person's decision goes over to a new flag of the same rule
    version and outcome; where only the rule changed, the decided flag itself stays, marked with what the rule says now.
    """
    values = fact_values(case)
    evaluation = assess(values, case.authority)
    _replace_flags(case, evaluation, {**register_facts(case.authority), **values}, now)
    case.regime = evaluation.regime
    started = values.get("procurement_start_date")
    if isinstance(started, date):
        case.procurement_started_on = started
    raised = tuple(result.rule_id for result in evaluation.raised)
    undecided = tuple(result.rule_id for result in evaluation.open_questions)
    event = FlagsEvaluated(catalogue_version=evaluation.catalogue_version, raised=raised, undecided=undecided)
    record(case, event, actor=actor, now=now)
    return evaluation


def route(case: Case, evaluation: Evaluation, *, actor: str, now: datetime) -> policy.Route:
    """Put a case in the queue the routing table gives it, with its priority and target date."""
    conditions = conditions_of(case, evaluation, fact_values(case), today=day_of(now))
    chosen = policy.route(conditions)
    route_case(
        case,
        queue=chosen.queue,
        priority=chosen.priority,
        target_on=chosen.target_on(case.received_on),
        scope=conditions.scope,
        row=chosen.line,
        actor=actor,
        now=now,
    )
    return chosen


def conditions_of(
    case: Case, evaluation: Evaluation, values: Mapping[str, FactValue], *, today: date
) -> policy.Conditions:
    """Return what the routing table needs to know of a case."""
    answers = scope_answers(case)
    authority = case.authority
    return policy.Conditions(
        scope=policy.scope_finding(
            authority.scope.value if authority else None,
            values,
            answers,
            received_on=case.received_on,
            started_on=case.procurement_started_on,
        ),
        sector=policy.sector_of(authority.type.value if authority else None, answers.get("body") == "main-contractor"),
        tender=policy.tender_clock(next_tender(case, today) or case.tender_closes_on, today, bank_holidays()),
        strength=policy.strength_of(evaluation),
        payment=policy.is_about_payment(evaluation, barriers(case)),
    )


def _replace_flags(case: Case, evaluation: Evaluation, values: Mapping[str, FactValue], now: datetime) -> None:
    old_flags = {flag.rule_id: flag for flag in list_flags(case)}
    for result in evaluation.results:
        old = old_flags.pop(result.rule_id, None)
        if old is not None and _is_kept(case, old, result.rule_version, values):
            _mark(old, result.rule_version, result.outcome, result.severity)
            continue
        if not policy.is_worth_keeping(result):
            if old is not None:
                old.is_current = False
            continue
        written = result_json(result, catalogue())
        if old is not None and _says_the_same(case, old, result, written):
            continue
        if old is not None:
            old.is_current = False
        _add_flag(case, evaluation, result, written, old, now)
    for gone in old_flags.values():
        if _is_kept(case, gone, NO_VERSION, values):
            _mark(gone, NO_VERSION, Outcome.NOT_APPLICABLE, gone.severity)
        else:
            gone.is_current = False
    db.session.flush()


def _is_kept(case: Case, old: Flag, version: str, values: Mapping[str, FactValue]) -> bool:
    """A decision about the same facts outlives a change of the rule."""
    if old.decision is FlagDecision.UNDECIDED or old.rule_version == version:
        return False
    known = registry()
    stated = {fact_id: to_json(known[fact_id], value) for fact_id, value in values.items()}
    return policy.rests_on(old.result_json(case.data_key), stated)


def _mark(kept: Flag, version: str, outcome: Outcome, severity: int) -> None:
    """Note beside a decided flag what its rule says now; nothing when it says the same."""
    differs = (kept.outcome, kept.severity) != (outcome.value, severity)
    kept.rule_now_version = version if differs else None
    kept.rule_now_outcome = outcome.value if differs else None
    kept.rule_now_severity = severity if differs else None


def _says_the_same(case: Case, old: Flag, result: RuleResult, written: Mapping[str, Any]) -> bool:
    same_rule = old.rule_version == result.rule_version and old.outcome == result.outcome
    return same_rule and old.result_json(case.data_key) == written


def _add_flag(
    case: Case, evaluation: Evaluation, result: RuleResult, written: dict[str, Any], old: Flag | None, now: datetime
) -> None:
    flag_id = new_id()
    flag = Flag(
        id=flag_id,
        case_id=case.id,
        rule_id=result.rule_id,
        rule_version=result.rule_version,
        catalogue_version=evaluation.catalogue_version,
        regime=result.regime,
        outcome=result.outcome.value,
        kind=result.kind.value,
        severity=result.severity,
        is_current=True,
        evaluated_at=now,
        decision=FlagDecision.UNDECIDED,
        result_sealed=seal_json(case.data_key, written, f"flags.result:{flag_id}"),
    )
    if old is not None and _decision_holds(old, result):
        flag.decision = old.decision
        flag.decided_by = old.decided_by
        flag.decided_at = old.decided_at
        flag.reason_sealed = seal(case.data_key, old.reason(case.data_key), f"flags.reason:{flag_id}")
    db.session.add(flag)


def _decision_holds(old: Flag, result: RuleResult) -> bool:
    return old.decision is not FlagDecision.UNDECIDED and policy.carries_over(
        old_version=old.rule_version,
        old_outcome=old.outcome,
        new_version=result.rule_version,
        new_outcome=result.outcome.value,
    )


def decide_flag(
    case: Case,
    flag: Flag,
    decision: FlagDecision,
    *,
    reason: str,
    version: int,
    decider: StaffMember,
    now: datetime,
) -> None:
    """Confirm or overrule a flag.

    Raises:
        StaleEditError: somebody decided, or the rules were applied, since the page was opened.
        DomainError: the flag is not raised, so there is nothing to confirm or overrule.
    """
    if flag.version != version or not flag.is_current:
        raise StaleEditError(f"Somebody else changed flag {flag.rule_id} while you were working on it.")
    if flag.outcome != Outcome.RAISED:
        raise DomainError("Only a raised flag can be confirmed or overruled")
    flag.decision = decision
    flag.decided_by = decider.id
    flag.decided_at = now
    flag.reason_sealed = seal(case.data_key, reason, f"flags.reason:{flag.id}")
    event = FlagDecided(rule_id=flag.rule_id, rule_version=flag.rule_version, decision=decision.value, reason=reason)
    record(case, event, actor=staff_actor(decider.id), now=now)
