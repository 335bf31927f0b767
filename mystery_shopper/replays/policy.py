"""Decisions of re-triage, pure: what differs between two answers of a rule, and facts written small."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeAlias

from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactType, FactValue
from mystery_shopper.replays.states import Change
from mystery_shopper.rules.results import Outcome

SmallValue: TypeAlias = bool | int | str
Reader: TypeAlias = Callable[[SmallValue], FactValue | None]


class Standing(NamedTuple):
    """How a rule stands on a case: outcome, severity (1 to 5), and for a stored flag whether a person decided it."""

    outcome: Outcome
    severity: int
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes about one rule on one case; `old` or `new` is None where no flag is kept."""

    rule_id: str
    change: Change
    old: Standing | None
    new: Standing | None

    @property
    def is_kept(self) -> bool:
        """Tell whether a person decided the flag, so that it stays and only a mark is put beside it."""
        return self.old is not None and self.old.is_decided


def differences(old: Mapping[str, Standing], new: Mapping[str, Standing]) -> tuple[Difference, ...]:
    """Return what differs between the flags of a case and the answers of changed rules, in order of rule id.

    Severity counts only where both raise a flag.
    """
    found = []
    for rule_id in sorted({*old, *new}):
        before, after = old.get(rule_id), new.get(rule_id)
        change = _change(before, after)
        if change is not None:
            found.append(Difference(rule_id, change, before, after))
    return tuple(found)


def _change(before: Standing | None, after: Standing | None) -> Change | None:
    was, becomes = _raises(before), _raises(after)
    if was and becomes and before and after:
        if before.severity == after.severity:
            return None
        return Change.RISES if after.severity > before.severity else Change.FALLS
    if was != becomes:
        return Change.APPEARS if becomes else Change.VANISHES
    same = (before and before.outcome) == (after and after.outcome)
    return None if same else Change.OTHER


def _raises(standing: Standing | None) -> bool:
    return standing is not None and standing.outcome is Outcome.RAISED


def changed_rules(old: Mapping[str, str], new: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of rules whose version differs between two catalogues, or that only one of them has."""
    return frozenset(rule_id for rule_id in {*old, *new} if old.get(rule_id) != new.get(rule_id))


def write_small(values: Mapping[str, FactValue]) -> dict[str, SmallValue]:
    """Return facts as JSON values, small and quick to read: money in pence, days in ISO form, fractions as text."""
    return {fact_id: _small(value) for fact_id, value in values.items()}


def _small(value: FactValue) -> SmallValue:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def read_small(raw: Mapping[str, SmallValue], readers: Mapping[str, Reader]) -> dict[str, FactValue]:
    """Return those of the facts for which there is a reader, as typed values.

    One that its definition no longer accepts is left out, as if it had not been stated.
    """
    values: dict[str, FactValue] = {}
    for fact_id, small in raw.items():
        read = readers.get(fact_id)
        if read is not None and (value := read(small)) is not None:
            values[fact_id] = value
    return values


def reader_of(definition: FactDefinition) -> Reader:
    """Return a function that reads a small value of a fact; it gives None for what the definition does not accept."""
    if definition.type is FactType.BOOLEAN:
        return lambda small: small if isinstance(small, bool) else None
    if definition.type is FactType.DATE or definition.type in DECIMALS:
        return _parser(definition)
    if definition.type in {FactType.CHOICE, FactType.TEXT}:
        return lambda small: small if definition.accepts(small) else None
    low, high = definition.minimum, definition.maximum
    least = -math.inf if low is None or isinstance(low, date) else low
    most = math.inf if high is None or isinstance(high, date) else high
    return lambda small: small if type(small) is int and least <= small <= most else None


def _parser(definition: FactDefinition) -> Reader:
    parse = date.fromisoformat if definition.type is FactType.DATE else Decimal
    accepts = definition.accepts

    def read(small: SmallValue) -> FactValue | None:
        try:
            value = parse(small) if isinstance(small, str) else None
        except (ValueError, InvalidOperation):
            return None
        return value if accepts(value) else None

    return read
