"""Forms of casework: the filter of the list, and one form for each step a person takes on a case."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from werkzeug.datastructures import MultiDict

from mystery_shopper.allocation.policy import Suggestion
from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.models import Channel, Origin, Priority, ReporterKind
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.states import CaseState, WaitingFor, state_label
from mystery_shopper.cases.timeline import TimelineItem
from mystery_shopper.casework.history import KIND_WORDS, Wanted, people_in
from mystery_shopper.casework.policy import (
    SEVERITIES,
    STEP_WORDS,
    WAITING_WORDS,
    CaseFilter,
    OwnerFilter,
    ReporterFilter,
    Sort,
    StateFilter,
)
from mystery_shopper.core.forms import (
    AddingField,
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
)
from mystery_shopper.evidence.forms import FilesField
from mystery_shopper.facts.definitions import FactDefinition

REASON_MAX = 1000
NOTE_MAX = 5000
MESSAGE_MAX = 5000
TITLE_MAX = 200
SEARCH_MAX = 200
FACTS_MAX = 10
"""More facts than this say nothing new, and each costs a look at every case."""
PUT_BACK = "nobody"
REPORTER_WORDS: Mapping[str, str] = {
    ReporterFilter.MUTUALS: "Mutuals of every kind",
    ReporterKind.MUTUAL: "Public service mutual",
    ReporterKind.PROSPECTIVE_MUTUAL: "Staff planning a mutual",
    ReporterKind.PATHFINDER_MUTUAL: "Pathfinder mutual",
    ReporterKind.SMALL_BUSINESS: "Small or medium-sized business",
    ReporterKind.SOCIAL_ENTERPRISE: "Charity or social enterprise",
    ReporterKind.TRADE_BODY: "Trade body",
    ReporterKind.LARGER_BUSINESS: "Larger business",
    ReporterKind.SOMEONE_ELSE: "Someone else",
}


CHANNEL_WORDS: Mapping[str, str] = {
    Channel.WEB: "The website",
    Channel.PHONE: "Phone",
    Channel.LETTER: "Letter",
    Channel.EMAIL: "Email",
    Channel.API: "Another system",
}
ORIGIN_WORDS: Mapping[str, str] = {
    Origin.SUPPLIER: "A supplier",
    Origin.TRADE_BODY: "A trade body",
    Origin.COMMISSIONER: "A commissioner",
    Origin.SPOT_CHECK: "A spot check",
}


class FilterForm(GovForm):
    """The filters of the list. All are in the address, so a list can be kept as a bookmark."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    q = TextField(
        "Words in the case",
        hint='Finds cases that hold every word. "Words in quotes" must stand together. '
        "tender OR contract finds either. -framework leaves out cases with that word.",
        max_length=SEARCH_MAX,
    )
    state = SelectField("State", default=StateFilter.OPEN.value)
    waiting = SelectField("Waiting for", empty="Anybody")
    owner = SelectField("Owner", empty="Anybody")
    queue = SelectField("Queue", empty="Any queue")
    priority = SelectField("Priority", empty="Any priority")
    rule = SelectField("Flag raised", empty="Any or none")
    fact = AddingField(
        "Facts stated",
        empty="Add a fact",
        hint="Finds cases that state every chosen fact, whatever it says. Values are sealed and cannot be searched.",
        autocomplete=True,
        most=FACTS_MAX,
    )
    severity = SelectField("Severity of a flag raised", empty="Any or none")
    reporter = SelectField("Kind of reporter", empty="Any kind")
    channel = SelectField("Came by", empty="Any way")
    origin = SelectField("Brought by", empty="Anybody")
    regime = SelectField("Law", empty="Any law")
    authority = TextField("Authority", max_length=SEARCH_MAX)
    received_from = DateField("Received on or after", error_name="First day of receipt", label_size="s")
    received_to = DateField("Received on or before", error_name="Last day of receipt", label_size="s")
    due_before = DateField("Due on or before", error_name="Due date", label_size="s")
    tender_before = DateField(
        "Tender still open, closes on or before", error_name="Tender closing date", label_size="s"
    )
    sort = SelectField("Order", default=Sort.DUE.value)

    def offer(
        self,
        owners: Iterable[tuple[str, str]],
        rules: Iterable[tuple[str, str]],
        facts: Iterable[FactDefinition],
        regimes: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Fill in what can be chosen; facts are in order of their titles."""
        states = [Option(state.value, state_label(state)) for state in CaseState]
        self.state.choices = (Option(StateFilter.OPEN, "All open"), Option(StateFilter.ALL, "All"), *states)
        self.waiting.choices = tuple(Option(one.value, WAITING_WORDS[one]) for one in WaitingFor)
        people = [Option(value, name) for value, name in owners]
        self.owner.choices = (Option(OwnerFilter.ME, "Me"), Option(OwnerFilter.NOBODY, "Nobody yet"), *people)
        self.queue.choices = tuple(Option(value, label) for value, label in QUEUE_LABELS.items())
        self.priority.choices = tuple(Option(one.value, one.value.capitalize()) for one in Priority)
        self.rule.choices = tuple(Option(value, f"{value}: {title}") for value, title in rules)
        by_title = sorted(facts, key=lambda definition: definition.title.casefold())
        self.fact.choices = tuple(Option(definition.id, definition.title) for definition in by_title)
        self.reporter.choices = tuple(Option(value, label) for value, label in REPORTER_WORDS.items())
        self.severity.choices = tuple(Option(value, label) for value, label in SEVERITIES.items())
        self.channel.choices = tuple(Option(value, label) for value, label in CHANNEL_WORDS.items())
        self.origin.choices = tuple(Option(value, label) for value, label in ORIGIN_WORDS.items())
        self.regime.choices = tuple(Option(value, title) for value, title in regimes)
        self.sort.choices = (Option(Sort.DUE, "Due first"), Option(Sort.RECEIVED, "Newest first"))

    def to_filter(self) -> CaseFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {
            field.name: field.data for field in self if field.name in FILTER_NAMES and not field.errors and field.data
        }
        return CaseFilter(**{**good, "fact": tuple(good.get("fact", ()))})


class TimelineForm(GovForm):
    """The filters of a timeline, in its address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    kind = SelectField("What", empty="Everything")
    by = SelectField("By whom", empty="Anybody")
    since = DateField("From", error_name="From", label_size="s")
    until = DateField("To", error_name="To", label_size="s")

    def offer(self, items: Iterable[TimelineItem]) -> None:
        """Fill in what can be chosen: who did something on this case."""
        self.kind.choices = tuple(Option(kind.value, words) for kind, words in KIND_WORDS.items())
        self.by.choices = tuple(Option(name, name) for name in people_in(items))

    def to_filter(self) -> Wanted:
        """Return what is wanted; the form has been validated."""
        return Wanted(kind=self.kind.data, by=self.by.data, since=self.since.data, until=self.until.data)


FILTER_NAMES = frozenset(CaseFilter.__dataclass_fields__)
KEPT = FILTER_NAMES
"""What an address of the list keeps. Anything else in it is not ours, and not passed on."""
_FILTER_PART = re.compile(r"-(day|month|year)$")


def chips(form: FilterForm, args: MultiDict[str, str]) -> list[tuple[str, MultiDict[str, str]]]:
    """Return each filter in use as words, with the address arguments that are left without it."""
    found = []
    for field in form:
        if field.name == "sort" or field.errors or not field.data or (field.name, field.data) == ("state", "open"):
            continue
        labels = {option.value: option.label for option in getattr(field, "options", ())}
        own = {field.name, *(f"{field.name}-{part}" for part in ("day", "month", "year"))}
        for one in field.data if isinstance(field.data, list) else [field.data]:
            words = labels.get(str(one), field.typed)
            rest = MultiDict(
                (name, value)
                for name, value in kept_arguments(args)
                if name not in own or (isinstance(field.data, list) and value != one)
            )
            found.append((f"{field.label.text}: {words}", rest))
    return found


def kept_arguments(args: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return the filters of an address, without all else it may hold and what was left empty."""
    return [(name, value) for name, value in args.items(multi=True) if _FILTER_PART.sub("", name) in KEPT and value]


class MoveForm(GovForm):
    """Move the case on."""

    version = HiddenField()
    new = RadiosField("What happens next?", required="Select what happens next", label_size="m")
    reason = CharacterCountField(
        "Why",
        hint="Staff read this on the timeline. The reporter does not.",
        error_name="Reason",
        max_length=REASON_MAX,
    )
    close_anyway = ConfirmField("Close the case although points are open")
    save = SubmitField("Move the case")

    def offer(self, steps: Iterable[CaseState], *, can_close_anyway: bool) -> None:
        """Fill in the steps that are open; the last box is only for closing with open points."""
        self.new.choices = tuple(Option(one.value, STEP_WORDS[one][0], hint=STEP_WORDS[one][1]) for one in steps)
        if not can_close_anyway:
            del self.close_anyway


class AssignForm(GovForm):
    """Give the case to somebody."""

    version = HiddenField()
    owner = RadiosField("Who should have this case?", required="Select who should have this case", label_size="m")
    reason = CharacterCountField(
        "Why",
        hint="Needed when somebody else has the case now. Staff read this on the timeline. The reporter does not.",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Save")

    def offer(self, people: Iterable[Suggestion], *, can_put_back: bool) -> None:
        """Fill in the people with what speaks for each, and the queue when somebody has the case now."""
        options = [
            Option(
                str(one.user_id), f"{one.name} (suggested)" if one.is_first else one.name, hint=". ".join(one.reasons)
            )
            for one in people
        ]
        back = [Option(PUT_BACK, "Nobody: put it back in the queue", divider="or" if options else "")]
        self.owner.choices = (*options, *(back if can_put_back else ()))

    def to_owner_id(self) -> UUID | None:
        """Return the person's id, None for the queue."""
        return None if self.owner.data == PUT_BACK else UUID(self.owner.data)


class OriginalForm(GovForm):
    """Download the original of a file."""

    reason = CharacterCountField(
        "Why do you need the original?",
        hint="This goes on the timeline of the case. For most work the cleaned copy is enough.",
        required="Enter why you need the original",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Download the original", style="warning")


class ReleaseForm(GatedForm):
    """Decide whether the authority may see the cleaned copy of a file."""

    decision = RadiosField(
        "May the authority see this copy?",
        choices=(
            Option("yes", "Yes", hint="I have read it, and nothing in it could identify the reporter"),
            Option("no", "No, it stays in the team"),
        ),
        required="Select yes if the authority may see this copy",
        label_size="m",
    )
    reason = CharacterCountField(
        "Why",
        hint="Staff read this on the timeline. The reporter does not.",
        required="Enter why you decided this",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Save decision")

    def is_released(self) -> bool:
        """Tell whether the authority may see it."""
        return bool(self.decision.data == "yes")


class NoteForm(GovForm):
    """Write an internal note."""

    submission_id = HiddenField()
    body = CharacterCountField(
        "Note",
        hint="Only staff read this. Do not write who the reporter is.",
        required="Enter a note",
        max_length=NOTE_MAX,
        label_size="m",
        rows=8,
    )
    readers = CheckboxesField(
        "Who should read it?",
        hint="It stands on their desk until they have. You can also write @ and the name of one of them in the note.",
        label_size="m",
        small=True,
    )
    save = SubmitField("Save note")

    def offer(self, people: Mapping[UUID, str]) -> None:
        """Fill in who can be named: whoever else may see the case."""
        self.readers.choices = tuple(Option(str(user_id), name) for user_id, name in people.items())

    def chosen_readers(self) -> frozenset[UUID]:
        """Return who was ticked."""
        return frozenset(UUID(one) for one in self.readers.data)


class MessageForm(GatedForm):
    """Write to a reporter."""

    submission_id = HiddenField()
    body = CharacterCountField(
        "Message",
        hint="The reporter reads this with their receipt code. Do not ask who they are.",
        required="Enter a message",
        max_length=MESSAGE_MAX,
        label_size="m",
        rows=8,
    )
    files = FilesField("Attach files (optional)", label_size="s")
    send = SubmitField("Send message")


class OverrideForm(GovForm):
    """Let a stopped text out, or not."""

    known_by = RadiosField(
        "How many suppliers could have known what this text says?",
        hint="Where 3 or fewer could, the authority can guess who told us.",
        choices=(Option("few", "3 or fewer"), Option("more", "More than 3"), Option("unsure", "I am not sure")),
        required="Select how many suppliers could have known what this text says",
        label_size="s",
    )
    decision = RadiosField(
        "May it go out exactly as it is?",
        choices=(Option("yes", "Yes"), Option("no", "No, it must be changed")),
        required="Select yes if it may go out as it is",
        label_size="s",
    )
    answer = CharacterCountField(
        "Why?", required="Enter why you decide this", error_name="Reason", max_length=REASON_MAX, label_size="s"
    )
    save = SubmitField("Save decision")


class TitleForm(SharedForm):
    """Correct the title."""

    version = HiddenField()
    title = TextField("Title of the procurement", required="Enter the title of the procurement", max_length=TITLE_MAX)
    reason = CharacterCountField(
        "Why are you changing it?", required="Enter why you are changing it", error_name="Reason", max_length=REASON_MAX
    )
    save = SubmitField("Save title")


class AuthorityForm(SharedForm):
    """Name the authority the case is about."""

    version = HiddenField()
    authority = RadiosField("Which authority is it?", required="Select the authority", label_size="m")
    reason = CharacterCountField(
        "How do you know?", required="Enter how you know", error_name="Reason", max_length=REASON_MAX
    )
    save = SubmitField("Save authority")
