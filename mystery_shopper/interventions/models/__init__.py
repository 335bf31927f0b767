"""Tables of what is done towards an authority: one file per thing."""

from mystery_shopper.interventions.models.follow_up import CaseFollowUp
from mystery_shopper.interventions.models.intervention import Intervention, InterventionKind
from mystery_shopper.interventions.models.outcome import Outcome, OutcomeCode, Upheld
from mystery_shopper.interventions.models.recommendation import Answer, Implemented, NoticeEvidence, Recommendation

__all__ = [
    "Answer",
    "CaseFollowUp",
    "Implemented",
    "Intervention",
    "InterventionKind",
    "NoticeEvidence",
    "Outcome",
    "OutcomeCode",
    "Recommendation",
    "Upheld",
]
