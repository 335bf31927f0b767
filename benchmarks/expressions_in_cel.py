"""The tests of our rules written as CEL, the fastest expression language we know of, to time the engine beside it.

Only for facts that are all known: CEL has no third value. What it cannot say (dates moved by working days, months or
years) makes `CannotSayError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mystery_shopper.facts.definitions import DECIMALS, FactType, FactValue
from mystery_shopper.facts.documents import read_document
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import DATA

PENCE = 100
COMPARISONS = {"more-than": ">", "less-than": "<", "at-least": ">=", "at-most": "<=", "equals": "=="}


class CannotSayError(Exception):
    """CEL has no words for part of this rule."""


@dataclass(frozen=True)
class Written:
    """An expression in CEL and the type of fact it has."""

    text: str
    type: FactType


class Writer:
    """Writes conditions of one pack under one regime on one day."""

    def __init__(self, pack: Catalogue, regime: str, day: date) -> None:
        self.pack, self.regime, self.day = pack, regime, day
        terms = read_document(DATA / "terms.yaml").data["terms"]  # type: ignore[index, call-overload]
        self.terms = {term["id"]: term.get("value") or term["regimes"].get(regime) for term in terms}

    def raised(self, variant: Mapping[str, Any]) -> str:
        """Write the condition under which a variant of a rule raises a flag."""
        parts = [self.condition(variant["applies"]["when"])] if "applies" in variant else []
        parts.append(_joined(" || ", [self.condition(test["when"]) for test in variant["tests"]]))
        parts += [f"!({self.condition(one['when'])})" for one in variant.get("exceptions", [])]
        return _joined(" && ", parts)

    def condition(self, node: Mapping[str, Any]) -> str:
        """Write a condition."""
        ((name, body),) = node.items()
        if name in {"all", "any"}:
            return _joined(" && " if name == "all" else " || ", [self.condition(child) for child in body])
        if name == "not":
            return f"!({self.condition(body)})"
        if name == "is":
            choice = self.value(body[0]).text
            return _joined(" || ", [f"{choice} == '{option}'" for option in body[1:]])
        if name == "term":
            return f"({self.condition(self.terms[body])})"
        if name == "fact":
            return str(body)
        left, right = self._pair(body)
        return f"({left.text} {COMPARISONS[name]} {right.text})"

    def value(self, node: Mapping[str, Any]) -> Written:
        """Write a value."""
        ((name, body),) = node.items()
        if name == "term":
            return self.value(self.terms[body])
        if name == "bounded":
            return self.value({"fact": body["fact"]})
        if name == "fact":
            return Written(str(body), self.pack.registry[body].type)
        if name == "parameter":
            return self._parameter(body)
        if name == "first-known":
            return self.value(body[0])
        if name == "choose":
            return self._choose(body)
        if name in {"greatest", "greatest-known", "least"}:
            return self._extreme([self.value(child) for child in body], "<" if name == "least" else ">")
        return self._arithmetic(name, body)

    def _arithmetic(self, name: str, body: Any) -> Written:
        if name == "later-by":
            start, period = self.value(body[0]), self.value(body[1])
            if period.type is not FactType.DAYS:
                raise CannotSayError(f"{period.type} after a date")
            return Written(f"({start.text} + {period.text})", FactType.DATE)
        left, right = self._pair(body)
        if name == "days-between":
            return Written(f"({right.text} - {left.text})", FactType.DAYS)
        if name == "ratio":
            return Written(f"({left.text} / {right.text})", FactType.MULTIPLE)
        if name == "percent-of":
            return Written(f"({left.text} * 100.0 / {right.text})", FactType.PERCENTAGE)
        return Written(f"({left.text} {'*' if name == 'multiply' else '+'} {right.text})", left.type)

    def _parameter(self, body: Any) -> Written:
        name, keys = (body, []) if isinstance(body, str) else (body["id"], body["by"])
        parameter = self.pack.parameters[name]
        row = next((row for row in parameter.rows if row.covers(self.day)), None)
        if row is None:
            raise CannotSayError(f"{name} on {self.day}")
        if not keys:
            return Written(literal(row.values[()]), parameter.type)
        reads = [self.value(key).text for key in keys]
        text = "-1.0"
        for key, held in row.values.items():
            test = " && ".join(f"{read} == '{part}'" for read, part in zip(reads, key, strict=True))
            text = f"({test} ? {literal(held)} : {text})"
        return Written(text, parameter.type)

    def _choose(self, cases: list[Mapping[str, Any]]) -> Written:
        last = self.value(cases[-1]["otherwise"])
        text = last.text
        for case in reversed(cases[:-1]):
            text = f"({self.condition(case['when'])} ? {self.value(case['value']).text} : {text})"
        return Written(text, last.type)

    @staticmethod
    def _extreme(values: list[Written], sign: str) -> Written:
        text = values[0].text
        for value in values[1:]:
            text = f"({text} {sign} {value.text} ? {text} : {value.text})"
        return Written(text, values[0].type)

    def _pair(self, body: list[Any]) -> tuple[Written, Written]:
        trees = [self.value(node) if isinstance(node, dict) else None for node in body]
        like = next(tree for tree in trees if tree is not None)
        left, right = (
            tree or Written(literal(_scaled(raw, like.type)), like.type) for tree, raw in zip(trees, body, strict=True)
        )
        return left, right


def _scaled(raw: Any, fact_type: FactType) -> FactValue:
    if fact_type is FactType.MONEY:
        return int(raw * PENCE)
    return Decimal(raw) if fact_type in DECIMALS else raw


def literal(value: FactValue) -> str:
    """Write a value as CEL does; dates are days, all numbers are floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    return repr(plain(value))


def plain(value: FactValue) -> bool | str | float:
    """Return a fact as CEL is given it."""
    if isinstance(value, bool | str):
        return value
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def _joined(sign: str, parts: list[str]) -> str:
    return f"({sign.join(parts)})"


def written_rules(pack: Catalogue, regime: str, day: date) -> tuple[dict[str, str], dict[str, str]]:
    """Write every rule of a regime; return the texts by rule id, and why the others could not be written."""
    writer = Writer(pack, regime, day)
    texts: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for path in sorted(Path(DATA / "catalogue").glob("*.yaml")):
        for rule in read_document(path).data["rules"]:  # type: ignore[index, call-overload]
            for variant in rule["variants"]:
                if regime in variant["regimes"] and _covers(variant, day):
                    try:
                        texts[rule["id"]] = writer.raised(variant)
                    except CannotSayError as error:
                        left_out[rule["id"]] = str(error)
    return texts, left_out


def _covers(variant: Mapping[str, Any], day: date) -> bool:
    return bool(variant.get("starts_on", date.min) <= day <= variant.get("ends_on", date.max))
