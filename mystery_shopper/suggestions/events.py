"""What can happen to a suggestion, in the past tense. Each event is a row, and has a sentence for the timeline.

`sentence` is what staff read, `detail` the words that belong to it, `receipt_sentence` what the commissioner reads
(None: not for them). Fields are texts, so that a row can still be read in ten years.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, ClassVar

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.events import Event
from mystery_shopper.core.languages import _

EVENT_TYPES: dict[str, type["SuggestionEvent"]] = {}
"""Every event by its tag: classes register themselves."""
CLOSED_WORDS = _("We closed it without taking it up.")
REPLY_WORDS = _("You wrote to us.")


@dataclass(frozen=True, kw_only=True)
class SuggestionEvent(Event):
    """Base of the events of a suggestion."""

    def __init_subclass__(cls) -> None:
        """Make the event readable from its row."""
        EVENT_TYPES[cls.tag] = cls

    def sentence(self) -> str:
        """Return what staff read on the timeline."""
        raise NotImplementedError(self.tag)

    def detail(self) -> str:
        """Return the words that were written, empty when there were none."""
        return ""

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads, None when it is not for them."""
        return None


def to_payload(event: SuggestionEvent) -> dict[str, Any]:
    """Return the fields of an event as JSON values."""
    return asdict(event)


def from_payload(tag: str, payload: dict[str, Any]) -> SuggestionEvent:
    """Return the event a row holds; fields of a later version are left out."""
    kind = EVENT_TYPES[tag]
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in payload.items() if name in known})


@dataclass(frozen=True, kw_only=True)
class SuggestionFiled(SuggestionEvent):
    """A commissioner told us."""

    tag: ClassVar[str] = "suggestion:filed"

    def sentence(self) -> str:
        """Return what staff read."""
        return "Received"

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We received what you told us.")


@dataclass(frozen=True, kw_only=True)
class SuggestionClassed(SuggestionEvent):
    """Staff said what it is about: the kind of barrier, the rule, the imposing body (all in words)."""

    tag: ClassVar[str] = "suggestion:classed"
    family: str
    rule: str
    body: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "What it is about was set"

    def detail(self) -> str:
        """Return the words that were written."""
        return f"{self.family}. Rule: {self.rule or 'none'}. Imposed by: {self.body}."


@dataclass(frozen=True, kw_only=True)
class SuggestionRouted(SuggestionEvent):
    """It was passed on to the body that imposes the rule, in the words of `text`; `due_on` is an ISO date."""

    tag: ClassVar[str] = "suggestion:routed"
    to: str
    text: str
    due_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Passed on to {self.to}, answer due {_day(self.due_on)}"

    def detail(self) -> str:
        """Return the words that were written."""
        return self.text

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We passed it to the body that sets the rule. We did not say where it came from.")


@dataclass(frozen=True, kw_only=True)
class BodyReminded(SuggestionEvent):
    """The body was reminded of the answer it owes; `due_on` is the day it is due now."""

    tag: ClassVar[str] = "suggestion:reminded"
    to: str
    text: str
    due_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Reminded {self.to}, answer due {_day(self.due_on)}"

    def detail(self) -> str:
        """Return the words that were written."""
        return self.text

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We reminded the body that sets the rule to answer.")


@dataclass(frozen=True, kw_only=True)
class AnswerOverdue(SuggestionEvent):
    """The body did not answer in time; `due_on` is the day its answer was due."""

    tag: ClassVar[str] = "suggestion:overdue"
    to: str
    due_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"No answer from {self.to} by {_day(self.due_on)}"


@dataclass(frozen=True, kw_only=True)
class SuggestionAnswered(SuggestionEvent):
    """The commissioner was answered; `body_said` is what the body answered us, for staff."""

    tag: ClassVar[str] = "suggestion:answered"
    result: str
    text: str
    body_said: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Answered: {self.result}"

    def detail(self) -> str:
        """Return the words that were written."""
        return f"{self.text}\n\nThe body said: {self.body_said}" if self.body_said else self.text

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We answered you.")


@dataclass(frozen=True, kw_only=True)
class SuggestionClosed(SuggestionEvent):
    """It was closed without action."""

    tag: ClassVar[str] = "suggestion:closed"
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "Closed without action"

    def detail(self) -> str:
        """Return the words that were written."""
        return self.reason

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return CLOSED_WORDS


@dataclass(frozen=True, kw_only=True)
class SuggestionReopened(SuggestionEvent):
    """It was taken up again."""

    tag: ClassVar[str] = "suggestion:reopened"
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "Reopened"

    def detail(self) -> str:
        """Return the words that were written."""
        return self.reason

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We opened it again.")


@dataclass(frozen=True, kw_only=True)
class CommissionerReplied(SuggestionEvent):
    """The commissioner wrote again through the receipt; `helped` is empty, or whether the answer helped."""

    tag: ClassVar[str] = "suggestion:replied"
    text: str
    helped: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return (
            f"The commissioner wrote. Did our answer help? {self.helped}" if self.helped else "The commissioner wrote"
        )

    def detail(self) -> str:
        """Return the words that were written."""
        return self.text

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return REPLY_WORDS


@dataclass(frozen=True, kw_only=True)
class SuggestionWithdrawn(SuggestionEvent):
    """The commissioner took it back."""

    tag: ClassVar[str] = "suggestion:withdrawn"

    def sentence(self) -> str:
        """Return what staff read."""
        return "Withdrawn by the commissioner"

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("You took it back.")


@dataclass(frozen=True, kw_only=True)
class PublicationObjected(SuggestionEvent):
    """The commissioner asked that nothing be published; `was_public`: something was, on that day."""

    tag: ClassVar[str] = "suggestion:objected"
    was_public: bool = False

    def sentence(self) -> str:
        """Return what staff read."""
        return f"The commissioner asked us not to publish{', after it was published' if self.was_public else ''}"

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("You asked us not to publish anything about it.")


@dataclass(frozen=True, kw_only=True)
class ReplyRead(SuggestionEvent):
    """Staff read what the commissioner wrote."""

    tag: ClassVar[str] = "suggestion:reply-read"

    def sentence(self) -> str:
        """Return what staff read."""
        return "The reply was read"

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        return _("We read what you wrote.")


@dataclass(frozen=True, kw_only=True)
class SuggestionErased(SuggestionEvent):
    """Its words were erased under the retention schedule, in the batch of this number."""

    tag: ClassVar[str] = "suggestion:erased"
    batch: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Erased under the retention schedule (batch {self.batch})"


@dataclass(frozen=True, kw_only=True)
class PublicTextStepTaken(SuggestionEvent):
    """The public text went one step: drafted, sent for approval, sent back, published, withdrawn."""

    tag: ClassVar[str] = "suggestion:text-step"
    step: str
    note: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Public text {self.step}"

    def detail(self) -> str:
        """Return the words that were written."""
        return self.note

    def receipt_sentence(self) -> str | None:
        """Return what the commissioner reads."""
        public = {
            "published": _("We published what we heard and what was done."),
            "withdrawn": _("We took back what we had published."),
        }
        return public.get(self.step)


def _day(text: str) -> str:
    try:
        return format_day(date.fromisoformat(text))
    except ValueError:
        return text
