"""What a suggestion can say: forces, values, words, answers; and what is worked out from them. Pure."""

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mystery_shopper.core.calendar import add_working_days
from mystery_shopper.core.errors import DomainError, PermissionDeniedError
from mystery_shopper.core.languages import _
from mystery_shopper.core.receipts import ALPHABET

REFERENCE_LENGTH = 8
TEXT_MAX = 4000
LINE_MAX = 200
SOMETHING_ELSE = "something-else"
DRAFT_DAYS = 28
SMALL_NUMBER = 5
"""On public pages no number below this one is shown, and others are rounded down to a multiple of it: from two readings
of a page nobody learns of the one report that came between."""
PENCE = 100
MOST_TENDERS = 1000
MOST_POUNDS = 1_000_000_000


class ForcedBy(StrEnum):
    """What makes a commissioner ask for more than they think is needed."""

    STANDING_ORDERS = "standing-orders"
    LEGAL_ADVICE = "legal-advice"
    INSURER = "insurer"
    CENTRAL_POLICY = "central-policy"
    TEMPLATE = "template"
    FUNDER = "funder"
    AUDIT = "audit"
    COMMITTEE = "committee"
    OTHER = "other"


FORCED_BY_LABELS: dict[ForcedBy, str] = {
    ForcedBy.STANDING_ORDERS: _("Our own standing orders or financial rules"),
    ForcedBy.LEGAL_ADVICE: _("Legal advice"),
    ForcedBy.INSURER: _("An insurer"),
    ForcedBy.CENTRAL_POLICY: _("A policy of central government"),
    ForcedBy.TEMPLATE: _("A template or a standard form"),
    ForcedBy.FUNDER: _("Conditions of a funder"),
    ForcedBy.AUDIT: _("Audit"),
    ForcedBy.COMMITTEE: _("A committee, board or councillors"),
    ForcedBy.OTHER: _("Something else"),
}


class ValueBand(StrEnum):
    """The value of one contract, in pounds without VAT: what the public is shown in place of a value."""

    UNDER_30K = "under-30k"
    TO_150K = "30k-to-150k"
    TO_1M = "150k-to-1m"
    TO_10M = "1m-to-10m"
    OVER_10M = "over-10m"
    UNKNOWN = "unknown"


VALUE_BAND_LABELS: dict[ValueBand, str] = {
    ValueBand.UNDER_30K: _("Under £30,000"),
    ValueBand.TO_150K: _("£30,000 to £150,000"),
    ValueBand.TO_1M: _("£150,000 to £1 million"),
    ValueBand.TO_10M: _("£1 million to £10 million"),
    ValueBand.OVER_10M: _("More than £10 million"),
    ValueBand.UNKNOWN: _("Not known"),
}

_BAND_TOPS = (
    (30_000, ValueBand.UNDER_30K),
    (150_000, ValueBand.TO_150K),
    (1_000_000, ValueBand.TO_1M),
    (10_000_000, ValueBand.TO_10M),
)


class AnswerResult(StrEnum):
    """What came of asking the body that imposes a rule."""

    CHANGED = "changed"
    WILL_CHANGE = "will-change"
    NOT_REQUIRED = "not-required"
    STAYS = "stays"
    ADVICE = "advice"


RESULT_LABELS: dict[AnswerResult, str] = {
    AnswerResult.CHANGED: _("The rule was changed"),
    AnswerResult.WILL_CHANGE: _("The rule will be changed"),
    AnswerResult.NOT_REQUIRED: _("The rule does not ask for this"),
    AnswerResult.STAYS: _("The rule stays, with the reason"),
    AnswerResult.ADVICE: _("We gave advice"),
}


class Helped(StrEnum):
    """Whether the answer was of use to the person who wrote to us."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


HELPED_LABELS: dict[Helped, str] = {Helped.YES: _("Yes"), Helped.PARTLY: _("Partly"), Helped.NO: _("No")}


@dataclass(frozen=True, kw_only=True)
class SuggestionContent:
    """The words of a suggestion, cleaned; empty when not answered.

    `authority` and `giveaways` (words that would point to the commissioner) are for the disclosure gate.
    """

    requirement: str
    would_rather: str
    forced_by_other: str = ""
    body_other: str = ""
    authority: str = ""
    giveaways: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "SuggestionContent":
        """Return the content a sealed record holds."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: item for name, item in value.items() if name in known})


@dataclass(frozen=True, kw_only=True)
class Route:
    """To which body a suggestion was passed on, and the words that went out."""

    to: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SaidAndDone:
    """The public text about a suggestion. `note` is what an approver said; `writers` may not approve it.

    `objection_answer` says how the commissioner's objection to publication was dealt with; the public does not read it.
    """

    title: str = ""
    said: str = ""
    done: str = ""
    note: str = ""
    objection_answer: str = ""
    writers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the text as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "SaidAndDone":
        """Return the text a sealed record holds."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(item) if isinstance(item, list) else item for name, item in value.items() if name in known
        }
        return cls(**kept)

    def with_writer(self, writer_id: UUID) -> "SaidAndDone":
        """Return the text with one more person among those who wrote it."""
        return replace(self, writers=tuple(sorted({*self.writers, str(writer_id)})))

    @property
    def public(self) -> dict[str, str]:
        """Return the texts that will be public, by field."""
        return {"title": self.title, "said": self.said, "done": self.done}


def check_ready(text: SaidAndDone, *, has_objection: bool) -> None:
    """Refuse a public text that is not complete.

    Raises:
        DomainError: naming the field that is missing.
    """
    required = {
        "title": "Enter a title",
        "said": "Enter what commissioners said",
        "done": "Enter what was done",
    }
    for field, message in required.items():
        if not getattr(text, field):
            raise DomainError(message, field=field)
    if has_objection and not text.objection_answer:
        raise DomainError("Enter how the objection was dealt with", field="objection_answer")


def check_approver(approver_id: UUID, text: SaidAndDone) -> None:
    """Refuse somebody who wrote any of the text.

    Raises:
        PermissionDeniedError: a second person must decide.
    """
    if str(approver_id) in text.writers:
        raise PermissionDeniedError("You wrote this text, so somebody else must approve it.")


def new_reference(prefix: str = "TH") -> str:
    """Return a random reference (40 bits): it tells nothing of order or number."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _place in range(REFERENCE_LENGTH))


def band_of(value_pence: int | None) -> ValueBand:
    """Return the band of a contract's value."""
    if value_pence is None:
        return ValueBand.UNKNOWN
    pounds = value_pence / PENCE
    return next((band for top, band in _BAND_TOPS if pounds < top), ValueBand.OVER_10M)


def in_pounds(pence: int | None) -> str:
    """Return an amount in pence as pounds in words (£1,200,000, £12.50), empty when there is none."""
    if pence is None:
        return ""
    pounds, rest = divmod(pence, PENCE)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


def answer_due(sent_on: date, days: int, holidays: AbstractSet[date]) -> date:
    """Return the day a body's answer is due: `days` working days after it was asked, that day not counted."""
    return add_working_days(sent_on, days, holidays)


def draft_expires_on(today: date) -> date:
    """Return the last day a draft is kept that was saved today."""
    return today + timedelta(days=DRAFT_DAYS)


def shown_number(number: int) -> str:
    """Return a number of cases as the public reads it: none below five, others rounded down to a multiple of five."""
    if number < SMALL_NUMBER:
        return _("fewer than {number}", number=SMALL_NUMBER)
    return _("at least {number}", number=number - number % SMALL_NUMBER)
