"""Writes: what was done, what was recommended, what came of it. One function for each thing a person can do."""

from mystery_shopper.interventions.services.doing import (
    NewIntervention,
    extend_response,
    record_intervention,
    record_response,
)
from mystery_shopper.interventions.services.outcomes import NewOutcome, record_outcome
from mystery_shopper.interventions.services.recommending import (
    answer_recommendation,
    check_recommendation,
    make_recommendation,
)

__all__ = [
    "NewIntervention",
    "NewOutcome",
    "answer_recommendation",
    "check_recommendation",
    "extend_response",
    "make_recommendation",
    "record_intervention",
    "record_outcome",
    "record_response",
]
