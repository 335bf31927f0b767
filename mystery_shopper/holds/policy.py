"""What a hold can be on and why, and which holds stand against destroying something. Pure."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from mystery_shopper.core.errors import DomainError


class HoldScope(StrEnum):
    """What a hold is on. One on an authority holds every case about it, one on everything holds drafts too."""

    CASE = "case"
    SUGGESTION = "suggestion"
    REQUEST = "request"
    ACCOUNT = "account"
    AUTHORITY = "authority"
    EVERYTHING = "everything"


SCOPE_NOUNS = {
    HoldScope.SUGGESTION: "Suggestion",
    HoldScope.REQUEST: "Request",
    HoldScope.ACCOUNT: "Account of",
}
"""What stands before the name of what is held, where the name does not say it by itself."""


class HoldGround(StrEnum):
    """Why something is held."""

    FOI = "foi"
    SUBJECT_ACCESS = "subject-access"
    LITIGATION = "litigation"
    INQUIRY = "inquiry"
    AUDIT = "audit"
    OTHER = "other"


GROUND_LABELS = {
    HoldGround.FOI: "Freedom of information request",
    HoldGround.SUBJECT_ACCESS: "Subject access request",
    HoldGround.LITIGATION: "Legal proceedings, threatened or begun",
    HoldGround.INQUIRY: "Public inquiry or investigation",
    HoldGround.AUDIT: "Audit",
    HoldGround.OTHER: "Another reason",
}


class HeldError(DomainError):
    """A hold stands against destroying this."""

    title = "This is on hold"

    def __init__(self) -> None:
        super().__init__("This is on legal hold, so nothing of it can be destroyed. Lift the hold first.")


@dataclass(frozen=True)
class Subject:
    """Something a hold can be on: `id` None only for everything, or for a draft, which only that hold reaches."""

    scope: HoldScope
    id: uuid.UUID | None


EVERYTHING = Subject(HoldScope.EVERYTHING, None)


def with_everything(subjects: Collection[Subject]) -> frozenset[Subject]:
    """Return the subjects, and the hold on everything, which is on each of them."""
    return frozenset((*subjects, EVERYTHING))
