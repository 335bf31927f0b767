"""Forms about facts: choosing one, stating it, putting its question to a reporter."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from mystery_shopper.cases.models import CaseFact
from mystery_shopper.core.forms import (
    YES_NO,
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    Required,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
)
from mystery_shopper.core.forms.numbers import write_pounds
from mystery_shopper.core.vault import DataKey
from mystery_shopper.facts.definitions import FactDefinition, FactType, FactValue
from mystery_shopper.facts.policy import FactValueError, from_json, parse

ORIGIN_MAX = 300


class FactChoiceForm(GovForm):
    """Choose the fact to state."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    fact = SelectField("Which fact?", empty="Select a fact", required="Select a fact", autocomplete=True)


class FactForm(SharedForm):
    """State a fact. `value` is made for the fact's type by `fact_form`."""

    seen = HiddenField()
    origin = CharacterCountField(
        "Where did you find this?",
        hint="For example: specification, page 12.",
        required="Enter where you found this",
        error_name="Where you found this",
        max_length=ORIGIN_MAX,
        rows=2,
    )
    save = SubmitField("Save fact")

    def to_value(self, definition: FactDefinition) -> FactValue:
        """Return the value that was typed.

        Raises:
            FactValueError: it is not a value of this fact.
        """
        field = self["value"]
        return parse(definition, field.data.isoformat() if definition.type is FactType.DATE else field.data)


class AskForm(GovForm):
    """Put the question of a fact to a reporter; which one is asked where a case has several."""

    report = RadiosField("Which reporter?", required="Select which reporter to ask")
    save = SubmitField("Ask the reporter")

    def offer(self, reports: Iterable[tuple[str, str]]) -> None:
        """Offer the reports: pairs of an id and words. With one there is nothing to choose."""
        self.report.choices = tuple(Option(key, words) for key, words in reports)
        if len(self.report.options) == 1:
            self.report.data = self.report.options[0].value
            self.report.required_message = ""


def fact_form(definition: FactDefinition, *, stored: bool = False) -> FactForm:
    """Return the form for one fact, its value asked the way its type needs.

    `stored`: without what the request brought, to be filled with what is stored.
    """

    class OneFactForm(FactForm):
        """The form for one fact: the value comes first."""

        value = _value_field(definition)
        field_order = ("ancestor", "seen", "value", "origin", "save")

    form = OneFactForm(formdata=None) if stored else OneFactForm()
    form._fields = {
        name: form._fields[name] for name in ("csrf_token", *OneFactForm.field_order) if name in form._fields
    }
    return form


def fill_in(form: FactForm, definition: FactDefinition, finding: CaseFact, key: DataKey) -> None:
    """Fill a form with what was found in a report, for a person to accept or correct."""
    try:
        value = from_json(definition, finding.value_json(key))
    except FactValueError:
        return
    form["value"].data = _as_typed(definition, value)
    form.origin.data = f"The report: {finding.quoted(key)}"[:ORIGIN_MAX]


def fill_in_stored(form: FactForm, definition: FactDefinition, row: CaseFact, key: DataKey) -> None:
    """Fill a form with a fact as it stands."""
    try:
        form["value"].data = _as_typed(definition, from_json(definition, row.value_json(key)))
    except FactValueError:
        form["value"].data = None
    form.origin.data = row.quoted(key)


def _as_typed(definition: FactDefinition, value: FactValue) -> FactValue:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value
    if definition.type is FactType.MONEY and isinstance(value, int):
        return write_pounds(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _value_field(definition: FactDefinition) -> Any:
    required = f"Enter {definition.title[:1].lower()}{definition.title[1:]}"
    words: dict[str, Any] = {"hint": definition.hint_in("en"), "error_name": definition.title, "label_size": "m"}
    question = definition.question_in("en")
    if definition.type is FactType.BOOLEAN:
        return RadiosField(question, choices=YES_NO, inline=True, required="Select yes or no", **words)
    if definition.type is FactType.CHOICE:
        options = tuple(Option(option.id, option.title) for option in definition.options)
        return RadiosField(question, choices=options, required="Select an answer", **words)
    if definition.type is FactType.DATE:
        return DateField(question, required=required, **words)
    if definition.type is FactType.TEXT:
        return TextField(question, max_length=definition.max_length, required=required, **words)
    if definition.type is FactType.MONEY:
        return TextField(question, prefix="£", width=10, inputmode="decimal", validators=(Required(required),), **words)
    suffix = definition.unit.replace("-", " ")
    return TextField(question, suffix=suffix, width=5, inputmode="decimal", validators=(Required(required),), **words)
