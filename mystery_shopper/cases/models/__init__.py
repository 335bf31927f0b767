"""Tables of the case: one file per thing."""

from mystery_shopper.cases.models.case import IS_OPEN, Case, CaseCounter, Origin
from mystery_shopper.cases.models.clock import CasePause
from mystery_shopper.cases.models.correspondence import Direction, Message, Note
from mystery_shopper.cases.models.event import CaseEventRecord
from mystery_shopper.cases.models.fact import CaseFact, FactSource
from mystery_shopper.cases.models.feedback import FeedbackQuestion, FeedbackTally
from mystery_shopper.cases.models.flag import Flag, FlagDecision
from mystery_shopper.cases.models.interest import Interest, InterestContent, InterestKind, InterestMark, SupplierMark
from mystery_shopper.cases.models.joining import Carried, CaseJoin, ReportStay
from mystery_shopper.cases.models.need_to_know import CaseDeclaration, CaseRecusal, EmergencyAccess
from mystery_shopper.cases.models.override import GateOverride, OverrideState
from mystery_shopper.cases.models.presence import CasePresence
from mystery_shopper.cases.models.report import (
    MUTUAL_KINDS,
    Channel,
    Identity,
    IdentityChoice,
    Report,
    ReportContent,
    ReporterIdentity,
    ReporterKind,
)
from mystery_shopper.cases.models.word import GuardedWord
from mystery_shopper.cases.policy import Priority

__all__ = [
    "IS_OPEN",
    "MUTUAL_KINDS",
    "Carried",
    "Case",
    "CaseCounter",
    "CaseDeclaration",
    "CaseEventRecord",
    "CaseFact",
    "CaseJoin",
    "CasePause",
    "CasePresence",
    "CaseRecusal",
    "Channel",
    "Direction",
    "EmergencyAccess",
    "FactSource",
    "FeedbackQuestion",
    "FeedbackTally",
    "Flag",
    "FlagDecision",
    "GateOverride",
    "GuardedWord",
    "Identity",
    "IdentityChoice",
    "Interest",
    "InterestContent",
    "InterestKind",
    "InterestMark",
    "Message",
    "Note",
    "Origin",
    "OverrideState",
    "Priority",
    "Report",
    "ReportContent",
    "ReportStay",
    "ReporterIdentity",
    "ReporterKind",
    "SupplierMark",
]
