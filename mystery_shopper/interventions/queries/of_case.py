"""Reads of interventions, recommendations and outcomes, opened for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_facts
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.facts.policy import FactValueError, as_typed, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.models import Intervention, Outcome, Recommendation
from mystery_shopper.interventions.policy import KIND_LABELS, OUTCOME_LABELS, UPHELD_LABELS, is_proven
from mystery_shopper.interventions.queries.amended import AmendedNotice, show_amended


@dataclass(frozen=True)
class InterventionView:
    """One intervention, opened."""

    row: Intervention
    label: str
    summary: str
    response: str


@dataclass(frozen=True)
class RecommendationView:
    """One recommendation, opened."""

    row: Recommendation
    text: str
    addressee: str
    answer_reason: str
    check_note: str
    amended: AmendedNotice | None = None


@dataclass(frozen=True)
class OutcomeView:
    """An outcome, opened. `basis` is the fact a positive outcome rests on, in words: what, before, after."""

    row: Outcome
    label: str
    upheld: str
    summary: str
    basis: str


def list_interventions(case: Case) -> list[InterventionView]:
    """Return what was done towards the authority, oldest first."""
    rows: Sequence[Intervention] = db.session.scalars(
        select(Intervention)
        .where(Intervention.case_id == case.id)
        .order_by(Intervention.made_on, Intervention.recorded_at, Intervention.id)
    ).all()
    key = case.data_key
    return [InterventionView(row, KIND_LABELS[row.kind], row.summary(key), row.response(key)) for row in rows]


def get_intervention(case: Case, intervention_id: UUID) -> Intervention:
    """Return an intervention of this case.

    Raises:
        NotFoundError: there is none, or it belongs to another case.
    """
    row = db.session.get(Intervention, intervention_id)
    if row is None or row.case_id != case.id:
        raise NotFoundError
    return row


def find_intervention_by_submission(submission_id: UUID) -> Intervention | None:
    """Return the intervention a form made."""
    return db.session.scalar(select(Intervention).where(Intervention.submission_id == submission_id))


def list_recommendations(case: Case) -> list[RecommendationView]:
    """Return the recommendations, oldest first."""
    rows = db.session.scalars(
        select(Recommendation)
        .where(Recommendation.case_id == case.id)
        .order_by(Recommendation.made_on, Recommendation.recorded_at, Recommendation.id)
    ).all()
    return [_show_recommendation(case, row) for row in rows]


def _show_recommendation(case: Case, row: Recommendation) -> RecommendationView:
    key = case.data_key
    evidence = row.evidence(key)
    return RecommendationView(
        row=row,
        text=row.text(key),
        addressee=row.addressee(key) or case.authority_name,
        answer_reason=row.answer_reason(key),
        check_note=row.check_note(key),
        amended=show_amended(evidence) if evidence else None,
    )


def get_recommendation(case: Case, recommendation_id: UUID) -> Recommendation:
    """Return a recommendation of this case.

    Raises:
        NotFoundError: there is none, or it belongs to another case.
    """
    row = db.session.get(Recommendation, recommendation_id)
    if row is None or row.case_id != case.id:
        raise NotFoundError
    return row


def find_recommendation_by_submission(submission_id: UUID) -> Recommendation | None:
    """Return the recommendation a form made."""
    return db.session.scalar(select(Recommendation).where(Recommendation.submission_id == submission_id))


def find_outcome(case: Case) -> Outcome | None:
    """Return the outcome in force."""
    return db.session.scalar(select(Outcome).where(Outcome.case_id == case.id, Outcome.is_current))


def find_outcome_by_submission(submission_id: UUID) -> Outcome | None:
    """Return the outcome a form made."""
    return db.session.scalar(select(Outcome).where(Outcome.submission_id == submission_id))


def unproven_claims(case: Case) -> list[str]:
    """Return in words what the outcome of a case claims without a fact that shows it."""
    row = find_outcome(case)
    if row is None or is_proven(
        positive=row.positive,
        has_before=row.before_sealed is not None,
        has_after=row.after_sealed is not None,
        money_freed_pence=row.money_freed_pence,
    ):
        return []
    return [f"{OUTCOME_LABELS[row.code]}: record the value before the change"]


def show_outcome(case: Case, row: Outcome) -> OutcomeView:
    """Open an outcome."""
    key = case.data_key
    return OutcomeView(row, OUTCOME_LABELS[row.code], UPHELD_LABELS[row.upheld], row.summary(key), _basis(case, row))


def _basis(case: Case, row: Outcome) -> str:
    definition = registry().get(row.basis_fact_id or "")
    if definition is None:
        return row.basis_fact_id or ""
    before, after = row.before_json(case.data_key), row.after_json(case.data_key)
    after_words = _words(definition.id, after)
    if before is None:
        return f"{definition.title}: {after_words}"
    return f"{definition.title}: from {_words(definition.id, before)} to {after_words}"


def _words(fact_id: str, raw: Any) -> str:
    definition = registry()[fact_id]
    try:
        return display(definition, from_json(definition, raw))
    except FactValueError:
        return str(raw)


def typed_value(fact_id: str | None, raw: Any) -> str:
    """Return a stored value of a fact as a person would type it, empty for none."""
    definition = registry().get(fact_id or "")
    if definition is None or raw is None:
        return ""
    try:
        return as_typed(definition, from_json(definition, raw))
    except FactValueError:
        return str(raw)


def stated_facts(case: Case) -> Mapping[str, str]:
    """Return the facts in force of a case as label with value, by fact id: what an outcome can rest on."""
    found = {}
    for row in list_facts(case):
        definition = registry().get(row.fact_id)
        if definition is not None:
            found[row.fact_id] = f"{definition.title} (now {_words(row.fact_id, row.value_json(case.data_key))})"
    return found
