"""What a suggestion can say: the forces behind a requirement, the value concerned, its words. Pure."""

import secrets
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from mystery_shopper.core.receipts import ALPHABET

REFERENCE_LENGTH = 8
TEXT_MAX = 4000
LINE_MAX = 200
SOMETHING_ELSE = "something-else"


class ForcedBy(StrEnum):
    """What makes a commissioner ask for more than they think is needed."""

    STANDING_ORDERS = "standing-orders"
    LEGAL_ADVICE = "legal-advice"
    INSURER = "insurer"
    CENTRAL_POLICY = "central-policy"
    TEMPLATE = "template"
    FUNDER = "funder"
    AUDIT = "audit"
    OTHER = "other"


FORCED_BY_LABELS: dict[ForcedBy, str] = {
    ForcedBy.STANDING_ORDERS: "Our own standing orders or financial rules",
    ForcedBy.LEGAL_ADVICE: "Legal advice",
    ForcedBy.INSURER: "An insurer",
    ForcedBy.CENTRAL_POLICY: "A policy of central government",
    ForcedBy.TEMPLATE: "A template or a standard form",
    ForcedBy.FUNDER: "Conditions of a funder",
    ForcedBy.AUDIT: "Audit",
    ForcedBy.OTHER: "Something else",
}


class ValueBand(StrEnum):
    """The value of the contracts concerned, in pounds without VAT."""

    UNDER_30K = "under-30k"
    TO_150K = "30k-to-150k"
    TO_1M = "150k-to-1m"
    TO_10M = "1m-to-10m"
    OVER_10M = "over-10m"
    UNKNOWN = "unknown"


VALUE_BAND_LABELS: dict[ValueBand, str] = {
    ValueBand.UNDER_30K: "Under £30,000",
    ValueBand.TO_150K: "£30,000 to £150,000",
    ValueBand.TO_1M: "£150,000 to £1 million",
    ValueBand.TO_10M: "£1 million to £10 million",
    ValueBand.OVER_10M: "More than £10 million",
    ValueBand.UNKNOWN: "I do not know, or it varies",
}


@dataclass(frozen=True, kw_only=True)
class SuggestionContent:
    """The words of a suggestion, cleaned; empty when not answered."""

    requirement: str
    would_rather: str
    forced_by_other: str = ""
    authority: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "SuggestionContent":
        """Return the content a sealed record holds."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: item for name, item in value.items() if name in known})


def new_reference() -> str:
    """Return a random reference for staff (40 bits): it tells nothing of order or number."""
    return "TH-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
