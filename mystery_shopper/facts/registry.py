"""Load the registry of facts from a data file; what is wrong in it is refused with file and line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from mystery_shopper.facts.definitions import (
    DECIMALS,
    WHOLE_NUMBERS,
    AskedOf,
    FactDefinition,
    FactRegistry,
    FactType,
    Option,
    Widget,
)
from mystery_shopper.facts.documents import Document, Trail, read_document
from mystery_shopper.facts.schemas import FactSchema, TranslationSchema

DATA_FILE = Path(__file__).parent / "data" / "facts.yaml"

EARLIEST_DATE = date(2009, 1, 1)
LATEST_DATE = date(2100, 12, 31)
LARGEST_MONEY_PENCE = 10**12 * 100
LARGEST_WHOLE_NUMBER = 999_999_999
LARGEST_DECIMAL = Decimal(1_000_000)

_DEFAULT_WIDGETS = {
    FactType.BOOLEAN: Widget.RADIOS,
    FactType.CHOICE: Widget.RADIOS,
    FactType.DATE: Widget.DATE_INPUT,
}


@cache
def registry() -> FactRegistry:
    """Return the registry of the running service, read once."""
    return load_registry(DATA_FILE)


def load_registry(path: Path) -> FactRegistry:
    """Read a registry file.

    Raises:
        DocumentError: the first thing wrong in it, with file and line.
    """
    document = read_document(path)
    definitions: list[FactDefinition] = []
    names: set[str] = set()
    for order, (trail, entry) in enumerate(document.entries(FactSchema(), "facts", beside="translation")):
        definition = replace(_definition(document, trail, entry), order=order)
        for name in (definition.id, *definition.aliases):
            if name in names:
                raise document.error(f"the name '{name}' is used by another fact", trail)
            names.add(name)
        definitions.append(definition)
    return FactRegistry(definitions, _translation(document))


def _translation(document: Document) -> dict[str, str]:
    """Read how far each translation is to be trusted."""
    data = document.data if isinstance(document.data, dict) else {}
    loaded = document.load(TranslationSchema(), data.get("translation", {}), ("translation",))
    return {language: str(state) for language, state in loaded.items()}


def _definition(document: Document, trail: Trail, entry: dict[str, object]) -> FactDefinition:
    """Build one fact from a checked entry."""
    fact_type = FactType(str(entry["type"]))
    minimum, maximum = _bounds(document, trail, fact_type, entry)
    options = tuple(Option(str(row["id"]), _texts(row["title"])) for row in _rows(entry.get("options")))
    if bool(options) != (fact_type is FactType.CHOICE):
        raise document.error("a choice, and only a choice, has options", trail)
    return FactDefinition(
        id=str(entry["id"]),
        titles=_texts(entry["title"]),
        type=fact_type,
        question=_texts(entry["question"]),
        hint=_texts(entry.get("hint")),
        letter=_texts(entry.get("letter")),
        letter_no=_texts(entry.get("letter_no")),
        widget=Widget(str(entry["widget"])) if "widget" in entry else _DEFAULT_WIDGETS.get(fact_type, Widget.INPUT),
        currency=str(entry.get("currency", "GBP")),
        minimum=minimum,
        maximum=maximum,
        options=options,
        option_ids=frozenset(option.id for option in options),
        max_length=int(str(entry.get("max_length", 500))),
        sensitive=entry.get("sensitive") is True,
        asked_of=AskedOf(str(entry.get("asked_of", AskedOf.REPORTER.value))),
        aliases=tuple(str(alias) for alias in _list(entry.get("aliases"))),
    )


def _bounds(
    document: Document, trail: Trail, fact_type: FactType, entry: dict[str, object]
) -> tuple[int | Decimal | date | None, int | Decimal | date | None]:
    """Read the inclusive bounds in the fact's own unit (money: pounds in the file, pence here)."""
    if fact_type in {FactType.BOOLEAN, FactType.CHOICE, FactType.TEXT}:
        if "minimum" in entry or "maximum" in entry:
            raise document.error(f"a {fact_type} fact has no bounds", trail)
        return None, None
    defaults: dict[FactType, tuple[int | Decimal | date, int | Decimal | date]] = {
        FactType.MONEY: (0, LARGEST_MONEY_PENCE),
        FactType.DATE: (EARLIEST_DATE, LATEST_DATE),
        **dict.fromkeys(WHOLE_NUMBERS, (0, LARGEST_WHOLE_NUMBER)),
        **dict.fromkeys(DECIMALS, (Decimal(0), LARGEST_DECIMAL)),
    }
    low, high = defaults[fact_type]
    minimum = _bound(document, (*trail, "minimum"), fact_type, entry["minimum"]) if "minimum" in entry else low
    maximum = _bound(document, (*trail, "maximum"), fact_type, entry["maximum"]) if "maximum" in entry else high
    if str(type(minimum)) == str(type(maximum)) and minimum > maximum:  # type: ignore[operator]
        raise document.error("minimum is above maximum", (*trail, "minimum"))
    return minimum, maximum


def _bound(document: Document, trail: Trail, fact_type: FactType, raw: object) -> int | Decimal | date:
    if fact_type is FactType.DATE:
        if not isinstance(raw, date):
            raise document.error("must be a date like 2015-02-26", trail)
        return raw
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise document.error("must be a number", trail) from None
    if fact_type in DECIMALS:
        return number
    scaled = number * 100 if fact_type is FactType.MONEY else number
    if scaled != int(scaled):
        raise document.error("must be a whole number (money: at most 2 decimal places)", trail)
    return int(scaled)


def _texts(raw: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in raw.items() if text} if isinstance(raw, dict) else {}


def _list(raw: object) -> list[object]:
    return raw if isinstance(raw, list) else []


def _rows(raw: object) -> list[dict[str, object]]:
    return [row for row in _list(raw) if isinstance(row, dict)]
