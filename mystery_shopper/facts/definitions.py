"""What a fact is: its type, unit, bounds and words. The values themselves are plain Python values (see `FactValue`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from mystery_shopper.core.languages import ENGLISH

UNSURE = "unsure"
"""What a form sends for the answer "I do not know"."""
Words: TypeAlias = Mapping[str, str]
"""One text in each language it is written in (`en`, `cy`). English is always there."""
FactValue: TypeAlias = bool | int | Decimal | date | str
"""bool for boolean; int for money (pence), integer and every duration; Decimal for percentage and multiple;
date for date; str for choice (the option's id) and text."""


class FactType(StrEnum):
    """The kinds of value a fact can have."""

    BOOLEAN = "boolean"
    MONEY = "money"
    PERCENTAGE = "percentage"
    MULTIPLE = "multiple"
    INTEGER = "integer"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    HOURS = "hours"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"


WHOLE_NUMBERS = frozenset(
    {
        FactType.INTEGER,
        FactType.YEARS,
        FactType.MONTHS,
        FactType.DAYS,
        FactType.WORKING_DAYS,
        FactType.HOURS,
    }
)
DECIMALS = frozenset({FactType.PERCENTAGE, FactType.MULTIPLE})


class Widget(StrEnum):
    """The GOV.UK component a fact is asked with."""

    RADIOS = "radios"
    INPUT = "input"
    DATE_INPUT = "date-input"
    TEXTAREA = "textarea"
    SELECT = "select"


class AskedOf(StrEnum):
    """Who gives a fact: the person reporting, or the service itself (register of authorities, clock)."""

    REPORTER = "reporter"
    SERVICE = "service"


def words_in(words: Words, language: str) -> str:
    """Return a text in `language`, or in English where there is no translation; empty where there is no text."""
    return words.get(language) or words.get(ENGLISH, "")


@dataclass(frozen=True)
class Option:
    """One answer to a choice: its stored id and what people read. `title` is the English one, for staff."""

    id: str
    titles: Words

    @property
    def title(self) -> str:
        """The English title."""
        return self.title_in(ENGLISH)

    def title_in(self, language: str) -> str:
        """Title in `language`, or in English."""
        return words_in(self.titles, language)


@dataclass(frozen=True)
class FactDefinition:
    """One fact of the registry.

    `minimum` and `maximum` are inclusive and of the fact's own value type (money in pence).
    `titles`, `question`, `hint` and `letter` hold a text in each language. `letter` is how a letter writes the fact;
    `{value}` stands for the displayed value. Of a yes or no it is how yes is written, and `letter_no` how no is; where
    both are empty a letter says title and value. `aliases` are other names under which imported data gives the fact.
    """

    id: str
    titles: Words
    type: FactType
    question: Words
    hint: Words
    widget: Widget
    letter: Words = field(default_factory=dict)
    letter_no: Words = field(default_factory=dict)
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    currency: str = "GBP"
    max_length: int = 500
    options: tuple[Option, ...] = ()
    sensitive: bool = False
    asked_of: AskedOf = AskedOf.REPORTER
    aliases: tuple[str, ...] = ()
    order: int = 0
    option_ids: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def unit(self) -> str:
        """Unit of the stored value: `GBP`, `%`, `times`, a duration's unit, or nothing."""
        units = {FactType.MONEY: self.currency, FactType.PERCENTAGE: "%", FactType.MULTIPLE: "times"}
        if self.type in units:
            return units[self.type]
        return self.type.value if self.type in WHOLE_NUMBERS and self.type is not FactType.INTEGER else ""

    @property
    def title(self) -> str:
        """The English title, for the pages of staff."""
        return self.title_in(ENGLISH)

    def title_in(self, language: str) -> str:
        """Title in `language`, or in English."""
        return words_in(self.titles, language)

    def question_in(self, language: str) -> str:
        """Question in `language`, or in English."""
        return words_in(self.question, language)

    def hint_in(self, language: str) -> str:
        """Hint in `language`, or in English; empty where the question has none."""
        return words_in(self.hint, language)

    def texts(self) -> Iterator[tuple[str, Words]]:
        """Go through every text of the fact, with the name of its place in the registry file."""
        parts = {"title": self.titles, "question": self.question, "hint": self.hint}
        parts |= {"letter": self.letter, "letter_no": self.letter_no}
        parts |= {f"options.{option.id}": option.titles for option in self.options}
        return ((name, words) for name, words in parts.items() if words)

    @cached_property
    def accepts(self) -> Callable[[object], bool]:
        """Tell whether a value has this fact's Python type and lies within its bounds."""
        if self.type is FactType.BOOLEAN:
            return _is_boolean
        if self.type is FactType.CHOICE:
            options = self.option_ids
            return lambda value: type(value) is str and value in options
        if self.type is FactType.TEXT:
            longest = self.max_length
            return lambda value: isinstance(value, str) and 0 < len(value) <= longest
        if self.type in DECIMALS:
            return lambda value: type(value) is Decimal and value.is_finite() and self._within(value)
        return self._accepts_dates() if self.type is FactType.DATE else self._accepts_whole_numbers()

    def _accepts_dates(self) -> Callable[[object], bool]:
        low, high = self.minimum or date.min, self.maximum or date.max
        return lambda value: type(value) is date and low <= value <= high  # type: ignore[operator]

    def _accepts_whole_numbers(self) -> Callable[[object], bool]:
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        return lambda value: type(value) is int and low <= value <= high  # type: ignore[operator]

    def _within(self, value: Decimal) -> bool:
        low, high = self.minimum, self.maximum
        return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def _is_boolean(value: object) -> bool:
    return type(value) is bool


class FactRegistry(Mapping[str, FactDefinition]):
    """All facts by id, in the order of their file.

    `translation` says of a language how far its texts are to be trusted ("needs-professional-check").
    """

    def __init__(self, definitions: Iterable[FactDefinition], translation: Mapping[str, str] | None = None) -> None:
        self.translation: Mapping[str, str] = MappingProxyType(dict(translation or {}))
        self._by_id: Mapping[str, FactDefinition] = MappingProxyType({d.id: d for d in definitions})
        names = {alias: d.id for d in self._by_id.values() for alias in d.aliases}
        self._aliases: Mapping[str, str] = MappingProxyType(names)

    def __getitem__(self, fact_id: str) -> FactDefinition:
        return self._by_id[fact_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @cached_property
    def checks(self) -> Mapping[str, Callable[[object], bool]]:
        """The check of each fact by its id."""
        return {fact_id: definition.accepts for fact_id, definition in self._by_id.items()}

    def of_ids(self, fact_ids: Iterable[str]) -> tuple[FactDefinition, ...]:
        """Return the definitions of `fact_ids`, in the order given. Raises KeyError for an unknown id."""
        return tuple(self._by_id[fact_id] for fact_id in fact_ids)

    def resolve(self, name: str) -> FactDefinition | None:
        """Find a fact by its id or by one of its aliases."""
        return self._by_id.get(self._aliases.get(name, name))

    def sorted_ids(self, fact_ids: Iterable[str]) -> tuple[str, ...]:
        """Put `fact_ids` in registry order, without repeats."""
        return tuple(sorted(set(fact_ids), key=lambda fact_id: self._by_id[fact_id].order))
