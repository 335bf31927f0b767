"""The facts document as a JSON Schema, made from the registry: it accepts what `policy.read_facts` accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactRegistry, FactType
from mystery_shopper.facts.patterns import date_pattern, decimal_pattern, text_pattern

JsonSchema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WHOLE_DIGITS, DECIMAL_PLACES = 7, 4
POUND_DIGITS, PENCE_PLACES = 13, 2
PENCE = Decimal(100)
COMMENT = (
    "Made from the fact registry. Whole numbers are written without a fraction: 5, not 5.0. Read fractions as "
    "decimals, not as binary floating point, or multipleOf will refuse amounts like 0.07."
)


def document_schema(registry: FactRegistry) -> JsonSchema:
    """Return the JSON Schema (2020-12) of a facts document: an object of facts by id or alias.

    Numbers in it may be `Decimal`: see `plain`.
    """
    properties: JsonSchema = {}
    for definition in registry.values():
        properties[definition.id] = _fact_or_null(definition)
        for alias in definition.aliases:
            properties[alias] = {"$ref": f"#/properties/{definition.id}"}
    twice = [
        {"not": {"required": sorted(pair)}}
        for definition in registry.values()
        for pair in _pairs((definition.id, *definition.aliases))
    ]
    return {
        "$schema": DIALECT,
        "title": "Facts about a procurement",
        "$comment": COMMENT,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"allOf": twice} if twice else {}),
    }


def plain(value: Any) -> Any:
    """Return a schema whose numbers `json.dumps` can write."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def value_schema(definition: FactDefinition) -> JsonSchema:
    """Return the schema of the values of one fact, without null."""
    if definition.type is FactType.BOOLEAN:
        return {"type": "boolean"}
    if definition.type is FactType.CHOICE:
        return {"enum": [option.id for option in definition.options]}
    if definition.type is FactType.TEXT:
        return {"type": "string", "maxLength": definition.max_length, "pattern": text_pattern()}
    if definition.type is FactType.DATE:
        return _date_schema(definition)
    if definition.type is FactType.MONEY:
        return _money_schema(definition)
    if definition.type in DECIMALS:
        return _decimal_schema(definition)
    return {"type": "integer", "minimum": definition.minimum, "maximum": definition.maximum}


def _fact_or_null(definition: FactDefinition) -> JsonSchema:
    """Add what people read, and null, which means "not known"."""
    words = {"title": definition.title, "description": _description(definition)}
    return {**words, "anyOf": [value_schema(definition), {"type": "null"}]}


def _description(definition: FactDefinition) -> str:
    unit = f" In {definition.unit.replace('-', ' ')}." if definition.unit else ""
    chosen = "; ".join(f"{option.id}: {option.title}" for option in definition.options)
    return definition.question_in("en") + unit + (f" {chosen}." if chosen else "")


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]


def _date_schema(definition: FactDefinition) -> JsonSchema:
    low, high = definition.minimum, definition.maximum
    if not isinstance(low, date) or not isinstance(high, date):
        raise TypeError(definition.id)
    return {"type": "string", "format": "date", "pattern": date_pattern(low, high)}


def _decimal_schema(definition: FactDefinition) -> JsonSchema:
    low, high = _decimals(definition, Decimal(1))
    return {
        "anyOf": [
            {"type": "number", "minimum": low, "maximum": high, "multipleOf": Decimal(1).scaleb(-DECIMAL_PLACES)},
            {"type": "string", "pattern": decimal_pattern(low, high, digits=WHOLE_DIGITS, places=DECIMAL_PLACES)},
        ]
    }


def _money_schema(definition: FactDefinition) -> JsonSchema:
    low, high = _decimals(definition, PENCE)
    pattern = decimal_pattern(low, high, digits=POUND_DIGITS, places=PENCE_PLACES)
    return {
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "amount": {"type": "string", "pattern": pattern},
                    "currency": {"const": definition.currency},
                },
                "required": ["amount", "currency"],
                "additionalProperties": False,
            },
            {"type": "number", "minimum": low, "maximum": high, "multipleOf": Decimal(1).scaleb(-PENCE_PLACES)},
        ]
    }


def _decimals(definition: FactDefinition, scale: Decimal) -> tuple[Decimal, Decimal]:
    low, high = definition.minimum, definition.maximum
    if not isinstance(low, int | Decimal) or not isinstance(high, int | Decimal):
        raise TypeError(definition.id)
    return Decimal(low) / scale, Decimal(high) / scale
