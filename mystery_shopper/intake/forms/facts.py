"""Questions made from the registry of facts: one field for each fact, all of them may be left empty."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from mystery_shopper.core.forms import YES_NO, DateField, GovField, Option, RadiosField, TextAreaField, TextField
from mystery_shopper.core.forms.numbers import write_pounds
from mystery_shopper.facts.definitions import FactDefinition, FactType, FactValue, Widget
from mystery_shopper.facts.policy import FactValueError, parse
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import UNSURE, Answers
from mystery_shopper.intake.forms.pages import PageForm

NUMBER_MAX = 40
DO_NOT_KNOW = Option(UNSURE, "I do not know", divider="or")
PREFIXES = {"GBP": "£"}


class FactInput(TextField):
    """A fact typed as text. `data` is the fact's value, None when nothing was typed or it was wrong."""

    def __init__(self, label: str = "", *, definition: FactDefinition, **options: Any) -> None:
        self.definition = definition
        number = definition.type is not FactType.TEXT
        shared = {"width": 10, "inputmode": "decimal", "spellcheck": False, "max_length": NUMBER_MAX} if number else {}
        super().__init__(label, **{**shared, "max_length": _length(definition), **options})

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the fact.

        Raises:
            ValueError: with the registry's message.
        """
        super().process_formdata(valuelist)
        text, self.data = self.data, None
        if text:
            try:
                self.data = parse(self.definition, text)
            except FactValueError as error:
                raise ValueError(error.message) from error

    def own_validators(self) -> tuple[Any, ...]:
        """Add nothing: the registry bounds the value."""
        return ()

    def written(self) -> str:
        """Return the stored value as a person would type it."""
        if self.data is None:
            return ""
        if self.definition.type is FactType.MONEY:
            return write_pounds(self.data)
        return format(self.data, "f") if isinstance(self.data, Decimal) else str(self.data)


class FactTextArea(FactInput, TextAreaField):
    """A fact of several lines."""

    component = "textarea"


class FactRadios(RadiosField):
    """A fact chosen from options, "I do not know" among them. `fact` is the value, None for that and for no answer."""

    def __init__(self, label: str = "", *, definition: FactDefinition, **options: Any) -> None:
        self.definition = definition
        is_yes_no = definition.type is FactType.BOOLEAN
        choices = (*YES_NO, Option(UNSURE, "I do not know")) if is_yes_no else (*_options(definition), DO_NOT_KNOW)
        super().__init__(label, choices=choices, inline=is_yes_no, **options)

    @property
    def fact(self) -> FactValue | None:
        """Return the value chosen."""
        return None if self.data in ("", UNSURE, None) else parse(self.definition, self.data)


def _options(definition: FactDefinition) -> tuple[Option, ...]:
    return tuple(Option(option.id, option.title) for option in definition.options)


def _length(definition: FactDefinition) -> int:
    return definition.max_length if definition.type is FactType.TEXT else NUMBER_MAX


def fact_field(definition: FactDefinition, language: str, *, label: str = "") -> GovField:
    """Return an unbound field that asks one fact; `label` says it in other words than the registry's question."""
    label = label or definition.question_in(language)
    shared: dict[str, Any] = {"hint": definition.hint.get(language) or definition.hint.get("en", "")}
    shared |= {"error_name": definition.title, "label_size": "s"}
    if definition.type is FactType.DATE:
        return DateField(label, earliest=_day(definition.minimum), latest=_day(definition.maximum), **shared)
    if definition.type in (FactType.BOOLEAN, FactType.CHOICE):
        return FactRadios(label, definition=definition, **shared)
    if definition.widget is Widget.TEXTAREA:
        return FactTextArea(label, definition=definition, **shared)
    return FactInput(label, definition=definition, **_affixes(definition), **shared)


def _affixes(definition: FactDefinition) -> dict[str, Any]:
    if definition.type is FactType.MONEY:
        return {"prefix": PREFIXES.get(definition.currency, definition.currency)}
    return {"suffix": definition.unit.replace("-", " ")} if definition.unit else {}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


class FactsForm(PageForm):
    """A page of facts. Subclasses are made by `facts_form` with one field for each fact of the page."""

    template: ClassVar[str] = "intake/facts.html"
    fact_ids: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored facts of the page."""
        return {fact_id: _stored_fact(fact_id, answers) for fact_id in cls.fact_ids}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the facts of this page."""
        fields = {fact_id: self[fact_id] for fact_id in self.fact_ids}
        values = {name: field.fact if isinstance(field, FactRadios) else field.data for name, field in fields.items()}
        unsure = frozenset(name for name, field in fields.items() if field.data == UNSURE)
        return answers.with_facts(values, unsure)


class ProcurementForm(FactsForm):
    """Which procurement it is, what is bought and for how much."""

    template = "intake/procurement.html"

    procurement_title = TextField(
        "Title of the procurement",
        hint="As the notice or the tender documents give it. If you do not know it, say in a few words what is bought.",
        required="Enter the title of the procurement",
        error_name="Title of the procurement",
        max_length=300,
        label_size="s",
    )
    procurement_reference = TextField(
        "Reference number (optional)",
        hint="For example from Find a Tender, Contracts Finder or the buyer's portal.",
        error_name="Reference number",
        max_length=100,
        width=20,
        spellcheck=False,
        label_size="s",
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored title, reference and facts."""
        written = {name: getattr(answers, name) for name in ("procurement_title", "procurement_reference")}
        return {**super().stored(answers), **written}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the title, the reference and the facts of this page."""
        return replace(
            super().apply(answers),
            procurement_title=self.procurement_title.data,
            procurement_reference=self.procurement_reference.data,
        )


class DatesForm(FactsForm):
    """The dates of the procurement, and the day from which the court's time limit counts."""

    learnt_on = DateField(
        "When did you first know of the problem?",
        hint="For example the day you read the tender documents. The time limit to go to court counts from it.",
        error_name="The day you first knew of the problem",
        label_size="s",
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored dates."""
        return {**super().stored(answers), "learnt_on": answers.learnt_date}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the dates of this page."""
        learnt = self.learnt_on.data
        return replace(super().apply(answers), learnt_on=learnt.isoformat() if learnt else "")


def _stored_fact(fact_id: str, answers: Answers) -> object:
    if fact_id in answers.unsure:
        return UNSURE
    value = answers.fact(fact_id)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def facts_form(fact_ids: tuple[str, ...], base: type[FactsForm] = FactsForm, language: str = "en") -> type[FactsForm]:
    """Return a form that asks these facts, in this order."""
    fields: dict[str, object] = {
        definition.id: fact_field(definition, language) for definition in registry().of_ids(fact_ids)
    }
    return type("PageOfFacts", (base,), {**fields, "fact_ids": fact_ids, "__doc__": base.__doc__})
