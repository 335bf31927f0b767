"""What can happen to a case, in the past tense. Each event is a row, and has a sentence for the timeline.

`sentence` is what staff read. `reporter_sentence` is what the reporter reads through the receipt; None keeps the
event from them. Payload fields are strings, integers, booleans, None or tuples of strings, so that a row can still
be read in ten years.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from mystery_shopper.cases.states import CaseState, state_label
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.events import Event
from mystery_shopper.core.languages import _, _n
from mystery_shopper.facts.registry import registry

_REPORTER_STATES = {
    CaseState.ACKNOWLEDGED: _("We have read your report and confirmed that we received it."),
    CaseState.TRIAGE: _("We are deciding what we can do."),
    CaseState.MORE_INFORMATION: _("We need more information from you. Read our message."),
    CaseState.CLOSED_NO_REPLY: _(
        "We closed your report because we did not hear from you. You can still send a message."
    ),
    CaseState.OUT_OF_SCOPE: _("We cannot look into this. Our message says where you can go instead."),
    CaseState.REFERRED: _("We passed this to a body that can deal with it. Our message says which one."),
    CaseState.ACCEPTED: _("We are looking into your report."),
    CaseState.AUTHORITY_CONTACTED: _("We have asked the authority about this requirement. We did not say who told us."),
    CaseState.FORMAL_NOTICE: _("We have given the authority a formal notice to answer."),
    CaseState.NON_COMPLIANT: _("The authority did not answer in the time the law gives it."),
    CaseState.RESPONDED: _("The authority has answered."),
    CaseState.ASSESSMENT: _("We are weighing what we have been told."),
    CaseState.INTERVENTION: _("We are working with the authority."),
    CaseState.OUTCOME_RECORDED: _("We have reached a result."),
    CaseState.SUPPLIER_TOLD: _("We have told you the result. Read our message."),
    CaseState.READY_TO_PUBLISH: _("The result is being prepared for publication. It will not name you."),
    CaseState.WITHHELD: _("The result will not be published."),
    CaseState.PUBLISHED: _("The result has been published. It does not name you."),
    CaseState.FOLLOW_UP_DUE: _("We will check whether the authority did what we recommended."),
    CaseState.IMPLEMENTED: _("The authority did what we recommended."),
    CaseState.PARTLY_IMPLEMENTED: _("The authority did part of what we recommended."),
    CaseState.NOT_IMPLEMENTED: _("The authority did not do what we recommended."),
    CaseState.CLOSED: _("Your report is closed."),
    CaseState.REOPENED: _("We have opened your report again."),
    CaseState.WITHDRAWN: _("You withdrew your report."),
}


def state_for_reporter(state: str) -> str | None:
    """Return a state in words for its reporter; None for one that is no news to them."""
    return next((words for known, words in _REPORTER_STATES.items() if known == state), None)


EVENT_TYPES: dict[str, type["CaseEvent"]] = {}
"""Every event by its tag: classes register themselves, wherever they are written."""


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Base of the events of a case."""

    def __init_subclass__(cls) -> None:
        """Make the event readable from its row."""
        EVENT_TYPES[cls.tag] = cls

    def sentence(self) -> str:
        """Return what staff read on the timeline."""
        raise NotImplementedError(self.tag)

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads on the timeline, None when it is not for them."""
        return None


@dataclass(frozen=True, kw_only=True)
class ReportFiled(CaseEvent):
    """A report opened the case or joined it. `keyed_by`: the member of staff who typed what came in another way."""

    tag: ClassVar[str] = "report:filed"
    report_id: str
    channel: str
    keyed_by: str = ""
    came_on: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        if not self.keyed_by:
            return f"Report received ({self.channel})"
        return f"Report received by {self.channel} on {_written(self.came_on)}, keyed in by {self.keyed_by}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("We received your report.")


@dataclass(frozen=True, kw_only=True)
class StateChanged(CaseEvent):
    """The case went one step."""

    tag: ClassVar[str] = "case:state-changed"
    old: str
    new: str
    reason: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        step = f"{state_label(CaseState(self.old))} → {state_label(CaseState(self.new))}"
        return f"{step}: {self.reason}" if self.reason else step

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return state_for_reporter(self.new)


@dataclass(frozen=True, kw_only=True)
class CaseRouted(CaseEvent):
    """Triage put the case in a queue with a priority and a target date."""

    tag: ClassVar[str] = "case:routed"
    queue: str
    priority: str
    target_on: str
    scope: str
    row: int

    def sentence(self) -> str:
        """Return what staff read."""
        return (
            f"Routed to queue {self.queue.replace('-', ' ')}, priority {self.priority}, "
            f"target {_written(self.target_on)} (line {self.row} of the routing table)"
        )


@dataclass(frozen=True, kw_only=True)
class FlagsEvaluated(CaseEvent):
    """The rules were applied to the facts of the case."""

    tag: ClassVar[str] = "flags:evaluated"
    catalogue_version: str
    raised: tuple[str, ...]
    undecided: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        raised = ", ".join(self.raised) or "none"
        undecided = f"; undecided: {', '.join(self.undecided)}" if self.undecided else ""
        return f"Rules applied (catalogue {self.catalogue_version}). Raised: {raised}{undecided}"


@dataclass(frozen=True, kw_only=True)
class FlagDecided(CaseEvent):
    """A caseworker confirmed or overruled a flag."""

    tag: ClassVar[str] = "flag:decided"
    rule_id: str
    rule_version: str
    decision: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Flag {self.rule_id} {self.decision}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(CaseEvent):
    """The case got an owner, or lost one (`owner` empty)."""

    tag: ClassVar[str] = "case:assigned"
    owner_id: str
    owner_name: str
    reason: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        words = f"Assigned to {self.owner_name}" if self.owner_id else "Put back in the queue"
        return f"{words}: {self.reason}" if self.reason else words


@dataclass(frozen=True, kw_only=True)
class NoteAdded(CaseEvent):
    """Staff wrote an internal note."""

    tag: ClassVar[str] = "note:added"
    note_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "Internal note added"


@dataclass(frozen=True, kw_only=True)
class OverrideAsked(CaseEvent):
    """Somebody asked a second person to let a text out that the disclosure gate stopped."""

    tag: ClassVar[str] = "gate-override:asked"
    override_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "The disclosure gate stopped a text. A second person was asked to let it out as it is"


@dataclass(frozen=True, kw_only=True)
class OverrideDecided(CaseEvent):
    """The second person decided."""

    tag: ClassVar[str] = "gate-override:decided"
    override_id: str
    is_allowed: bool

    def sentence(self) -> str:
        """Return what staff read."""
        if self.is_allowed:
            return "A second person let the stopped text out, exactly as it is"
        return "A second person refused to let the stopped text out"


def _with_files(file_ids: tuple[str, ...]) -> str:
    if not file_ids:
        return ""
    return " with 1 file" if len(file_ids) == 1 else f" with {len(file_ids)} files"


@dataclass(frozen=True, kw_only=True)
class MessageSent(CaseEvent):
    """Staff wrote to the reporter through the receipt."""

    tag: ClassVar[str] = "message:sent"
    message_id: str
    report_id: str
    file_ids: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Message sent to the reporter{_with_files(self.file_ids)}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        if not self.file_ids:
            return _("We sent you a message.")
        return _n(
            "We sent you a message with {count} file.", "We sent you a message with {count} files.", len(self.file_ids)
        )


@dataclass(frozen=True, kw_only=True)
class MessageReceived(CaseEvent):
    """The reporter wrote to us through the receipt."""

    tag: ClassVar[str] = "message:received"
    message_id: str
    report_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "Message received from the reporter"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("You sent us a message.")


@dataclass(frozen=True, kw_only=True)
class FactsAdded(CaseEvent):
    """Facts were stated or corrected after filing."""

    tag: ClassVar[str] = "facts:added"
    fact_ids: tuple[str, ...]
    source: str

    def sentence(self) -> str:
        """Return what staff read."""
        known = registry()
        titles = (known[fact_id].title if fact_id in known else fact_id for fact_id in self.fact_ids)
        return f"Facts recorded ({self.source}): {', '.join(titles)}"


@dataclass(frozen=True, kw_only=True)
class DetailsCorrected(CaseEvent):
    """Staff corrected a detail of the case."""

    tag: ClassVar[str] = "case:details-corrected"
    field: str
    old: str
    new: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"{self.field} changed from “{self.old}” to “{self.new}”: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class InterventionRecorded(CaseEvent):
    """Something was done towards the authority."""

    tag: ClassVar[str] = "intervention:recorded"
    intervention_id: str
    kind: str
    made_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Intervention recorded: {self.kind}, {_written(self.made_on)}"


@dataclass(frozen=True, kw_only=True)
class RecommendationMade(CaseEvent):
    """A recommendation was made to the authority, or its answer recorded."""

    tag: ClassVar[str] = "recommendation:recorded"
    recommendation_id: str
    status: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Recommendation {self.status}"


@dataclass(frozen=True, kw_only=True)
class OutcomeRecorded(CaseEvent):
    """The structured outcome was recorded: upheld and positive are two different things."""

    tag: ClassVar[str] = "outcome:recorded"
    code: str
    upheld: str
    positive: bool

    def sentence(self) -> str:
        """Return what staff read."""
        code = self.code.replace("-", " ").capitalize()
        return f"Outcome: {code} (upheld: {self.upheld}, positive: {'yes' if self.positive else 'no'})"


@dataclass(frozen=True, kw_only=True)
class PublicationStepTaken(CaseEvent):
    """The public text was drafted, sent back, approved, published or withdrawn."""

    tag: ClassVar[str] = "publication:step"
    publication_id: str
    step: str
    version: int

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Public text {self.step} (version {self.version})"


def _written(day: str) -> str:
    """Return an ISO date as staff read it; as it is when it is not one."""
    try:
        return format_day(date.fromisoformat(day))
    except ValueError:
        return day


def to_payload(event: CaseEvent) -> dict[str, Any]:
    """Return the fields of an event as JSON values."""
    return dict(vars(event))


def from_payload(tag: str, payload: dict[str, Any]) -> CaseEvent:
    """Return the event a row holds.

    Raises:
        KeyError: a tag this version does not know.
    """
    event_type = EVENT_TYPES[tag]
    known = {field.name for field in fields(event_type)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()}
    return event_type(**{name: value for name, value in values.items() if name in known})


from mystery_shopper.cases import (  # noqa: E402  # their events must be known to every reader
    access_events,  # noqa: F401
    clock_events,  # noqa: F401
    joining_events,  # noqa: F401
    word_events,  # noqa: F401
)
