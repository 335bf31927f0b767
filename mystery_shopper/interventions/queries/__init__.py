"""Reads of interventions, recommendations and outcomes: of one case, and of the ledger over many."""

from mystery_shopper.interventions.queries.following import (
    FollowUpView,
    find_open_follow_up,
    get_follow_up,
    list_follow_ups,
    list_unasked,
)
from mystery_shopper.interventions.queries.ledger import count_ledger, list_ledger
from mystery_shopper.interventions.queries.of_case import (
    InterventionView,
    OutcomeView,
    RecommendationView,
    find_intervention_by_submission,
    find_outcome,
    find_outcome_by_submission,
    find_recommendation_by_submission,
    get_intervention,
    get_recommendation,
    list_interventions,
    list_recommendations,
    show_outcome,
    stated_facts,
    typed_value,
    unproven_claims,
)

__all__ = [
    "FollowUpView",
    "InterventionView",
    "OutcomeView",
    "RecommendationView",
    "count_ledger",
    "find_intervention_by_submission",
    "find_open_follow_up",
    "find_outcome",
    "find_outcome_by_submission",
    "find_recommendation_by_submission",
    "get_follow_up",
    "get_intervention",
    "get_recommendation",
    "list_follow_ups",
    "list_interventions",
    "list_ledger",
    "list_recommendations",
    "list_unasked",
    "show_outcome",
    "stated_facts",
    "typed_value",
    "unproven_claims",
]
