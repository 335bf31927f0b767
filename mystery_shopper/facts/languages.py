"""Words of values in each language: yes and no, units, months. Welsh numbers change the word that follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from mystery_shopper.core.calendar import MONTH_NAMES
from mystery_shopper.core.languages import ENGLISH, WELSH

LANGUAGES: Mapping[str, str] = {ENGLISH: "English", WELSH: "Welsh"}

YES_NO_WORDS: Mapping[str, tuple[str, str]] = {ENGLISH: ("Yes", "No"), WELSH: ("Ie", "Na")}
"""The words for true and false."""
DO_NOT_KNOW_WORDS: Mapping[str, tuple[str, str]] = {
    ENGLISH: ("I do not know", "or"),
    WELSH: ("Nid wyf yn gwybod", "neu"),
}
"""The answer "I do not know", and the word that divides it from the options before it."""
UNIT_SUFFIXES: Mapping[str, Mapping[str, str]] = {
    ENGLISH: {},
    WELSH: {
        "years": "blynedd",
        "months": "mis",
        "days": "diwrnod",
        "working-days": "diwrnod gwaith",
        "hours": "awr",
        "times": "gwaith",
    },
}
"""What stands after a box for a number, where it is not the unit's own name."""

_WELSH_YEARS = {1: "flwyddyn", 2: "flynedd"} | dict.fromkeys((5, 7, 8, 9, 10), "mlynedd")
_YEARS_COUNTED_SINGLY = 10
"""Above ten, years are written "12 o flynyddoedd"."""


def spoken(language: str) -> str:
    """Return `language` when the service has it, otherwise English."""
    return language if language in LANGUAGES else ENGLISH


def yes_no(language: str, *, value: bool) -> str:
    """Return the word for true or false."""
    yes, no = YES_NO_WORDS[spoken(language)]
    return yes if value else no


def month_name(language: str, month: int) -> str:
    """Return the name of a month (1 to 12)."""
    return MONTH_NAMES[spoken(language)][month - 1]


def unit_suffix(language: str, unit: str) -> str:
    """Return what stands after a box in which a number of `unit` is typed."""
    return UNIT_SUFFIXES[spoken(language)].get(unit, unit.replace("-", " "))


def counted(language: str, unit: str, number: int) -> str:
    """Return the unit as it is written after a whole number: 1 year, 5 years, 5 mlynedd."""
    return _COUNTED[spoken(language)](unit, number)


def times(language: str, number: Decimal) -> str:
    """Return the word after a multiple: 2 times, 2 waith, 3 gwaith."""
    if spoken(language) == ENGLISH:
        return "times"
    return "waith" if number in (1, 2) else "gwaith"


def _counted_in_english(unit: str, number: int) -> str:
    words = unit.replace("-", " ")
    return words.removesuffix("s") if number == 1 else words


def _counted_in_welsh(unit: str, number: int) -> str:
    if unit == "years":
        return "o flynyddoedd" if number > _YEARS_COUNTED_SINGLY else _WELSH_YEARS.get(number, "blynedd")
    softened = {"months": "fis", "days": "ddiwrnod", "working-days": "ddiwrnod gwaith"}
    return softened.get(unit, "awr") if number == 2 else UNIT_SUFFIXES[WELSH][unit]


_COUNTED: Mapping[str, Callable[[str, int], str]] = {ENGLISH: _counted_in_english, WELSH: _counted_in_welsh}
