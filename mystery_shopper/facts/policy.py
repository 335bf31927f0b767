"""Read a fact from what a person typed or a machine sent, and write it again. Pure; messages are safe to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from mystery_shopper.core.amounts import advice_on
from mystery_shopper.core.calendar import MONTH_NAMES
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.facts.definitions import (
    DECIMALS,
    WHOLE_NUMBERS,
    FactDefinition,
    FactRegistry,
    FactType,
    FactValue,
    words_in,
)
from mystery_shopper.facts.languages import counted, month_name, times, yes_no

JsonScalar = bool | int | float | Decimal | str | None
FactJson = JsonScalar | Mapping[str, JsonScalar]

_MONEY = re.compile(r"\A£?(?P<whole>[0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.(?P<pence>[0-9]{1,2}))?\Z", re.ASCII)
_WHOLE = re.compile(r"\A[0-9]{1,9}\Z", re.ASCII)
_DECIMAL = re.compile(r"\A[0-9]{1,7}(?:\.[0-9]{1,4})?\Z", re.ASCII)
_ISO_DATE = re.compile(r"\A([0-9]{4})-([0-9]{2})-([0-9]{2})\Z", re.ASCII)
_TYPED_DATE = re.compile(r"\A([0-9]{1,2})[ /.-]([0-9]{1,2})[ /.-]([0-9]{4})\Z", re.ASCII)
_WORDED_DATE = re.compile(r"\A([0-9]{1,2}) ([A-Za-z]{3,9}) ([0-9]{4})\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YES_NO = {"yes": True, "no": False}
_DURATIONS = WHOLE_NUMBERS - {FactType.INTEGER}
_SYMBOLS = {"GBP": "£", "EUR": "€"}
_MONEY_KEYS = {"amount", "currency"}


class FactValueError(DomainError):
    """A value cannot be read as the fact it was given for. The message follows the GOV.UK error style."""


def parse(definition: FactDefinition, raw: str) -> FactValue:
    """Read what a person typed for a fact.

    Units: money is typed in pounds and returned in pence; durations are typed as a bare number in the fact's unit.

    Raises:
        FactValueError: empty, not of the fact's type, or out of bounds.
    """
    text = raw.strip()
    if not text:
        raise _error(definition, _empty_message(definition))
    value = _PARSERS[definition.type](definition, text)
    return _bounded(definition, value)


def _empty_message(definition: FactDefinition) -> str:
    chooses = definition.type in {FactType.BOOLEAN, FactType.CHOICE}
    name = _lower_first(definition.title)
    return f"Select an answer for {name}" if chooses else f"Enter {name}"


def _parse_boolean(definition: FactDefinition, text: str) -> FactValue:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise _error(definition, f"Select yes or no for {_lower_first(definition.title)}") from None


def _parse_money(definition: FactDefinition, text: str) -> FactValue:
    match = _MONEY.match(text)
    if match is None:
        raise _error(definition, f"{definition.title} must be in pounds, like 5,000,000 or 1200.50{advice_on(text)}")
    pence = (match["pence"] or "").ljust(2, "0")
    return int(match["whole"].replace(",", "")) * 100 + int(pence)


def _parse_whole(definition: FactDefinition, text: str) -> FactValue:
    if not _WHOLE.match(text):
        raise _error(definition, f"{definition.title} must be a whole number{_unit_phrase(definition)}, like 3")
    return int(text)


def _parse_decimal(definition: FactDefinition, text: str) -> FactValue:
    suffix = "%" if definition.type is FactType.PERCENTAGE else "x"
    return _decimal(definition, text.removesuffix(suffix).rstrip())


def _decimal(definition: FactDefinition, number: str) -> Decimal:
    if not _DECIMAL.match(number):
        is_share = definition.type is FactType.PERCENTAGE
        example = "a percentage, like 10 or 2.5" if is_share else "a number of times, like 2 or 1.5"
        raise _error(definition, f"{definition.title} must be {example}")
    return Decimal(number)


def _parse_date(definition: FactDefinition, text: str) -> FactValue:
    parts = _date_parts(text)
    if parts is None:
        raise _error(definition, f"{definition.title} must be a date, like 27 3 2026")
    try:
        return date(*parts)
    except ValueError:
        raise _error(definition, f"{definition.title} must be a real date") from None


def _date_parts(text: str) -> tuple[int, int, int] | None:
    """Read `2026-03-27`, `27 3 2026`, `27/3/2026` or `27 March 2026` (or `27 Mar 2026`) as year, month, day."""
    if iso := _ISO_DATE.match(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if typed := _TYPED_DATE.match(text):
        return int(typed[3]), int(typed[2]), int(typed[1])
    if worded := _WORDED_DATE.match(text):
        name = worded[2].lower()
        for number, month in enumerate(MONTH_NAMES[ENGLISH], start=1):
            if name in (month.lower(), month[:3].lower()):
                return int(worded[3]), number, int(worded[1])
    return None


def _parse_choice(definition: FactDefinition, text: str) -> FactValue:
    if text not in definition.option_ids:
        raise _error(definition, f"Select one of the answers for {_lower_first(definition.title)}")
    return text


def _parse_text(definition: FactDefinition, text: str) -> FactValue:
    if _CONTROL.search(text):
        raise _error(definition, f"{definition.title} must not include control characters")
    return text


_PARSERS = {
    FactType.BOOLEAN: _parse_boolean,
    FactType.MONEY: _parse_money,
    FactType.DATE: _parse_date,
    FactType.CHOICE: _parse_choice,
    FactType.TEXT: _parse_text,
    **dict.fromkeys(WHOLE_NUMBERS, _parse_whole),
    **dict.fromkeys(DECIMALS, _parse_decimal),
}


def _bounded(definition: FactDefinition, value: FactValue) -> FactValue:
    """Return `value` if the fact accepts it, otherwise say which bound it crosses."""
    if definition.accepts(value):
        return value
    if definition.type is FactType.TEXT:
        raise _error(definition, f"{definition.title} must be {definition.max_length:,} characters or fewer")
    low, high = definition.minimum, definition.maximum
    if low is None or high is None:
        raise _error(definition, f"{definition.title} is not a valid answer")
    span = f"between {display(definition, low)} and {display(definition, high)}"
    raise _error(definition, f"{definition.title} must be {span}")


def display(definition: FactDefinition, value: FactValue, language: str = ENGLISH) -> str:
    """Write a value for people: `£5,000,000`, `5 years`, `12.5%`, `1 June 2025`, `Yes`, an option's title."""
    if definition.type is FactType.BOOLEAN:
        return yes_no(language, value=bool(value))
    if definition.type is FactType.CHOICE:
        return next((option.title_in(language) for option in definition.options if option.id == value), str(value))
    return display_typed(definition.type, value, definition.currency, language)


def display_typed(fact_type: FactType, value: FactValue, currency: str = "GBP", language: str = ENGLISH) -> str:
    """Write a value of a type that needs no definition (everything but booleans and choices) for people."""
    if isinstance(value, date):
        return f"{value.day} {month_name(language, value.month)} {value.year}"
    if fact_type is FactType.MONEY and isinstance(value, int):
        pounds, pence = divmod(value, 100)
        amount = f"{pounds:,}.{pence:02d}" if pence else f"{pounds:,}"
        return f"{_SYMBOLS.get(currency, f'{currency} ')}{amount}"
    if fact_type in _DURATIONS and isinstance(value, int):
        return f"{value:,} {counted(language, fact_type.value, value)}"
    if isinstance(value, Decimal):
        number = _plain(value)
        return f"{number}%" if fact_type is FactType.PERCENTAGE else f"{number} {times(language, value)}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _plain(value: Decimal) -> str:
    """Write a decimal with thousands separators, two places at most, and no idle zeros."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def as_typed(definition: FactDefinition, value: FactValue) -> str:
    """Write a value as a person would type it for `parse`: `£5,000,000`, `5`, `12.5`, `1 June 2025`, `Yes`."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if definition.type in WHOLE_NUMBERS:
        return str(value)
    return str(value) if definition.type is FactType.CHOICE else display(definition, value)


def letter_of(definition: FactDefinition, value: FactValue, language: str = ENGLISH) -> str:
    """Write a fact as a phrase of a letter, without a full stop: `a bond of £5,000,000`, `no bond is required`.

    A fact with no phrase of its own is written as its title and its value: `procedure: Open procedure`.
    """
    shown = display(definition, value, language)
    phrase = words_in(definition.letter_no if value is False else definition.letter, language)
    if phrase:
        return phrase.replace("{value}", shown)
    title = _lower_first(definition.title_in(language))
    return f"{title}: {shown.lower() if definition.type is FactType.BOOLEAN else shown}"


def to_json(definition: FactDefinition, value: FactValue) -> FactJson:
    """Write a value for machines.

    Units: money is `{"amount": "5000000.00", "currency": "GBP"}`; percentages and multiples are decimal strings;
    dates are ISO 8601; whole numbers, booleans and option ids are themselves.
    """
    if definition.type is FactType.MONEY and isinstance(value, int):
        pounds, pence = divmod(value, 100)
        return {"amount": f"{pounds}.{pence:02d}", "currency": definition.currency}
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def from_json(definition: FactDefinition, raw: FactJson) -> FactValue:
    """Read a value a machine sent; strict, so that a wrong type is never guessed at.

    Units: money is the object of `to_json`, or a bare number of pounds with at most two decimal places (the ids end in
    `_gbp`). Percentages and multiples are decimal strings or numbers. Dates are ISO 8601 only.

    Raises:
        FactValueError: wrong type, wrong currency, or out of bounds.
    """
    if definition.type is FactType.BOOLEAN:
        if not isinstance(raw, bool):
            raise _error(definition, f"{definition.title} must be true or false")
        return raw
    if definition.type is FactType.MONEY:
        return _bounded(definition, _money_from_json(definition, raw))
    if definition.type in WHOLE_NUMBERS:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise _error(definition, f"{definition.title} must be a whole number{_unit_phrase(definition)}, like 3")
        return _bounded(definition, raw)
    if definition.type in DECIMALS:
        return _bounded(definition, _decimal(definition, _number_text(definition, raw)))
    if not isinstance(raw, str):
        raise _error(definition, f"{definition.title} must be text")
    return _text_from_json(definition, raw)


def _text_from_json(definition: FactDefinition, raw: str) -> FactValue:
    """Read a date, an option's id or a text. Only a text may have spaces around it; they count as characters."""
    if definition.type is FactType.CHOICE:
        return _parse_choice(definition, raw)
    if definition.type is FactType.DATE and not _ISO_DATE.match(raw):
        raise _error(definition, f"{definition.title} must be a date like 2026-03-27")
    if definition.type is FactType.TEXT and raw.strip():
        _bounded(definition, _parse_text(definition, raw))
    return parse(definition, raw)


def _money_from_json(definition: FactDefinition, raw: FactJson) -> int:
    if isinstance(raw, Mapping):
        if set(raw) != _MONEY_KEYS or raw["currency"] != definition.currency or not isinstance(raw["amount"], str):
            raise _error(
                definition,
                f'{definition.title} must be like {{"amount": "5000000.00", "currency": "{definition.currency}"}}',
            )
        return _pence(definition, raw["amount"])
    if isinstance(raw, str):
        raise _error(definition, f"{definition.title} must be a number of pounds or an amount with a currency")
    return _pence(definition, _number_text(definition, raw))


def _pence(definition: FactDefinition, text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?", text, re.ASCII)
    if match is None:
        raise _error(definition, f"{definition.title} must be in pounds, like 5000000 or 1200.50")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _number_text(definition: FactDefinition, raw: FactJson) -> str:
    """Write a JSON number (or decimal string) plainly; booleans, null and objects are refused."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise _error(definition, f"{definition.title} must be a number")
    number = Decimal(str(raw))
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise _error(definition, f"{definition.title} must be a number")
    text = format(number if number else abs(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_facts(registry: FactRegistry, raw: Mapping[str, FactJson]) -> dict[str, FactValue]:
    """Read a JSON object of facts by id or alias; null means not known and is left out.

    Raises:
        FactValueError: a name that is no fact, the same fact twice, or a bad value; `field` is the name as given.
    """
    facts: dict[str, FactValue] = {}
    given: set[str] = set()
    for name, value in raw.items():
        definition = registry.resolve(name)
        if definition is None:
            raise FactValueError(f"There is no fact called '{name}'", field=name)
        if definition.id in given:
            raise FactValueError(f"{definition.title} is given twice", field=name)
        given.add(definition.id)
        if value is not None:
            facts[definition.id] = from_json(definition, value)
    return facts


def _unit_phrase(definition: FactDefinition) -> str:
    return f" of {definition.unit.replace('-', ' ')}" if definition.unit else ""


def _lower_first(title: str) -> str:
    """Lower the first letter of a title within a sentence, unless it begins with an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _error(definition: FactDefinition, message: str) -> FactValueError:
    return FactValueError(message, field=definition.id)
