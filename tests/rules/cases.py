"""The cases of `cases.yaml`, read as a machine would send them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.documents import read_document
from mystery_shopper.facts.policy import read_facts
from mystery_shopper.facts.registry import registry


@dataclass(frozen=True)
class Case:
    """Facts about one procurement, and the answer one rule must give."""

    rule_id: str
    facts: Mapping[str, FactValue]
    outcome: str
    test: str
    missing: frozenset[str]
    line: int

    def __str__(self) -> str:
        return f"{self.rule_id}:{self.line}"


def typed(start: date | None, facts: Mapping[str, object]) -> dict[str, FactValue]:
    """Read facts with money in pounds, and the day the procurement started."""
    raw = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    if start is not None:
        raw["procurement_start_date"] = start.isoformat()
    return read_facts(registry(), raw)  # type: ignore[arg-type]


def read_cases() -> list[Case]:
    """Read the file beside this one."""
    document = read_document(Path(__file__).with_suffix(".yaml"))
    assert isinstance(document.data, dict)
    return [
        Case(
            rule_id=entry["rule"],
            facts=typed(entry["start"], entry["facts"]),
            outcome=entry["outcome"],
            test=entry.get("test", ""),
            missing=frozenset(entry.get("missing", ())),
            line=document.line_of(("cases", index)),
        )
        for index, entry in enumerate(document.data["cases"])
    ]


CASES = read_cases()
