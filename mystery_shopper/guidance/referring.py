"""What a referral is made of, and the text that goes to the other body. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.languages import _, current

WORDS_MAX = 3000
REASON_MAX = 1000
REFERENCE_MAX = 80
_CODE_LETTERS = 8
SIGNATURE = "Mystery Shopper"
NO_CONTACT = (
    "The organisation has not asked us to pass on how to reach it. It may get in touch and give the reference above."
)


class ConsentHow(StrEnum):
    """How the reporter agreed."""

    RECEIPT = "receipt"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    MEETING = "meeting"


CONSENT_LABELS: Mapping[ConsentHow, str] = {
    ConsentHow.RECEIPT: _("through the receipt"),
    ConsentHow.PHONE: _("by phone"),
    ConsentHow.LETTER: _("by letter"),
    ConsentHow.EMAIL: _("by email"),
    ConsentHow.MEETING: _("in a meeting"),
}


class ReferralResult(StrEnum):
    """What came of a referral."""

    HELPING = "helping"
    ADVICE = "advice"
    COULD_NOT = "could-not"
    NO_CONTACT = "no-contact"
    OTHER = "other"


RESULT_LABELS: Mapping[ReferralResult, str] = {
    ReferralResult.HELPING: _("The body is helping"),
    ReferralResult.ADVICE: _("The body gave advice"),
    ReferralResult.COULD_NOT: _("The body could not help"),
    ReferralResult.NO_CONTACT: _("Nobody got in touch with the body"),
    ReferralResult.OTHER: _("Something else"),
}


@dataclass(frozen=True)
class Body:
    """A body that a reporter can be referred to, and what it does by language. `note` is for staff."""

    id: str
    name: str
    words: Mapping[str, str]
    address: str
    source: str
    note: str

    @property
    def does(self) -> str:
        """Return what it does, in the current language."""
        return self.words.get(current(), "")


@dataclass(frozen=True)
class Consent:
    """That the reporter agreed: when, how, and whether their contact details may go along."""

    on: date
    how: ConsentHow
    shares_contact: bool


def code_of(referral_id: UUID) -> str:
    """Return what the body and the reporter call the referral. It says nothing of the case."""
    return f"R-{referral_id.hex[-_CODE_LETTERS:].upper()}"


def letter_text(body: Body, code: str, words: str, contact: Sequence[tuple[str, str]], on: date) -> str:
    """Return what goes to the body: the words the reporter has read, and the contact details they let us pass on."""
    lines = [f"Referral {code}", f"To: {body.name}", f"Date: {format_day(on)}", "", words, ""]
    if contact:
        lines += ["How to reach the organisation:", *(f"{label}: {value}" for label, value in contact)]
    else:
        lines += [NO_CONTACT]
    return "\n".join([*lines, "", f"Please quote {code} when you answer.", SIGNATURE, ""])
