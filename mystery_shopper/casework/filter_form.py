"""The form that filters the list: what can be chosen, in groups, and what an address of the list keeps."""

import re
from collections.abc import Iterable, Mapping

from werkzeug.datastructures import MultiDict
from wtforms import Field

from mystery_shopper.cases.models import Channel, Origin, Priority, ReporterKind
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.states import CaseState, WaitingFor, state_label
from mystery_shopper.casework.policy import (
    COLUMN_WORDS,
    SEVERITIES,
    USUAL_COLUMNS,
    WAITING_WORDS,
    CaseFilter,
    Column,
    OwnerFilter,
    ReporterFilter,
    Sort,
    StateFilter,
)
from mystery_shopper.core.forms import (
    AddingField,
    CheckboxesField,
    DateField,
    GovForm,
    Option,
    SelectField,
    TextField,
)
from mystery_shopper.facts.definitions import FactDefinition

SEARCH_MAX = 200
FACTS_MAX = 10
"""More facts than this say nothing new, and each costs a look at every case."""
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
ALWAYS = ("q", "state", "owner", "label")
"""Filters that are always in sight; the others are folded away by what they are about."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "How it stands": ("waiting", "queue", "priority"),
    "What it is about": ("authority", "rule", "severity", "fact", "regime"),
    "Where it came from": ("reporter", "channel", "origin"),
    "Dates": ("received_from", "received_to", "due_before", "tender_before"),
    "Order and columns": ("sort", "column"),
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
    label = SelectField("Label", empty="Any or none")
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
    column = CheckboxesField("Columns", label_size="s", small=True)

    def offer(
        self,
        owners: Iterable[tuple[str, str]],
        rules: Iterable[tuple[str, str]],
        facts: Iterable[FactDefinition],
        regimes: Iterable[tuple[str, str]] = (),
        labels: Iterable[tuple[str, str]] = (),
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
        self.label.choices = tuple(Option(value, name) for value, name in labels)
        self.sort.choices = (Option(Sort.DUE, "Due first"), Option(Sort.RECEIVED, "Newest first"))
        self.column.choices = tuple(Option(one.value, COLUMN_WORDS[one]) for one in Column)
        if not self.column.data:
            self.column.data = [one.value for one in USUAL_COLUMNS]

    def offer_same(self, other: "FilterForm") -> None:
        """Offer what another form offers, without reading it again."""
        for field in self:
            if hasattr(field, "choices"):
                field.choices = other[field.name].choices

    def groups(self) -> list[tuple[str, list[Field], bool]]:
        """Return the fields in groups: title, fields, and whether something is chosen there, or wrong."""
        return [
            (title, fields, any(self._is_chosen(field) for field in fields))
            for title, names in GROUPS.items()
            for fields in [[self[name] for name in names]]
        ]

    def _is_chosen(self, field: Field) -> bool:
        if field.name == "column":
            return self.columns() != USUAL_COLUMNS
        return bool(field.errors) or field.data not in ("", None, [], field.default)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns that were chosen, in the order of the list."""
        return tuple(one for one in Column if one.value in self.column.data)

    def to_filter(self) -> CaseFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {
            field.name: field.data for field in self if field.name in FILTER_NAMES and not field.errors and field.data
        }
        return CaseFilter(**{**good, "fact": tuple(good.get("fact", ()))})


FILTER_NAMES = frozenset(CaseFilter.__dataclass_fields__)
VIEW = "view"
"""In an address: the saved view that was opened."""
KEPT = FILTER_NAMES | {"column", VIEW}
"""What an address of the list keeps. Anything else in it is not ours, and not passed on."""
_FILTER_PART = re.compile(r"-(day|month|year)$")


def chips(form: FilterForm, args: MultiDict[str, str]) -> list[tuple[str, MultiDict[str, str]]]:
    """Return each filter in use as words, with the address arguments that are left without it."""
    found = []
    for field in form:
        if (
            field.name in ("sort", "column")
            or field.errors
            or not field.data
            or (field.name, field.data) == ("state", "open")
        ):
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
