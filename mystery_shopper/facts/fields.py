"""Form fields that ask facts as the registry words them: one field for each fact, of the type it has."""

from datetime import date
from decimal import Decimal
from typing import Any

from mystery_shopper.core.forms import NO, YES, DateField, GovField, Option, RadiosField, TextAreaField, TextField
from mystery_shopper.core.forms.numbers import write_pounds
from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.facts.definitions import UNSURE, FactDefinition, FactType, FactValue, Widget
from mystery_shopper.facts.languages import DO_NOT_KNOW_WORDS, YES_NO_WORDS, spoken, unit_suffix
from mystery_shopper.facts.policy import FactValueError, parse

NUMBER_MAX = 40
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

    def __init__(self, label: str = "", *, definition: FactDefinition, language: str = ENGLISH, **options: Any) -> None:
        self.definition = definition
        is_yes_no = definition.type is FactType.BOOLEAN
        words, divider = DO_NOT_KNOW_WORDS[spoken(language)]
        unsure = Option(UNSURE, words, divider="" if is_yes_no else divider)
        choices = (*_options(definition, language), unsure)
        super().__init__(label, choices=choices, inline=is_yes_no, **options)

    @property
    def fact(self) -> FactValue | None:
        """Return the value chosen."""
        return None if self.data in ("", UNSURE, None) else parse(self.definition, self.data)


def _options(definition: FactDefinition, language: str) -> tuple[Option, ...]:
    if definition.type is FactType.BOOLEAN:
        return tuple(Option(*pair) for pair in zip((YES, NO), YES_NO_WORDS[spoken(language)], strict=True))
    return tuple(Option(option.id, option.title_in(language)) for option in definition.options)


def _length(definition: FactDefinition) -> int:
    return definition.max_length if definition.type is FactType.TEXT else NUMBER_MAX


def fact_field(definition: FactDefinition, language: str, *, label: str = "") -> GovField:
    """Return an unbound field that asks one fact; `label` says it in other words than the registry's question.

    Question, hint, options and units are in `language`; messages about a wrong answer are in English.
    """
    label = label or definition.question_in(language)
    shared: dict[str, Any] = {"hint": definition.hint_in(language)}
    shared |= {"error_name": definition.title, "label_size": "s"}
    if definition.type is FactType.DATE:
        return DateField(label, earliest=_day(definition.minimum), latest=_day(definition.maximum), **shared)
    if definition.type in (FactType.BOOLEAN, FactType.CHOICE):
        return FactRadios(label, definition=definition, language=language, **shared)
    if definition.widget is Widget.TEXTAREA:
        return FactTextArea(label, definition=definition, **shared)
    return FactInput(label, definition=definition, **_affixes(definition, language), **shared)


def _affixes(definition: FactDefinition, language: str) -> dict[str, Any]:
    if definition.type is FactType.MONEY:
        return {"prefix": PREFIXES.get(definition.currency, definition.currency)}
    return {"suffix": unit_suffix(language, definition.unit)} if definition.unit else {}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
