"""Dated values: thresholds, limits and benchmarks, each with its basis and source. A value not held is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from mystery_shopper.facts.definitions import FactType, FactValue
from mystery_shopper.facts.policy import display_typed
from mystery_shopper.rules.logic import NO_NAMES, Context, Run, Unknown, Value, hull
from mystery_shopper.rules.results import Basis, ParameterUse

Key = tuple[str, ...]
_USES_KEPT = 4000


@dataclass(frozen=True)
class ParameterRow:
    """The values in force from `starts_on` to `ends_on` (both inclusive, None = open), by table key."""

    starts_on: date
    ends_on: date | None
    values: Mapping[Key, FactValue]
    source: str

    def covers(self, day: date) -> bool:
        """Tell whether `day` lies within the row's dates."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Parameter:
    """One dated value, or table of them. `by` names the columns of the key; money is in pence."""

    id: str
    title: str
    type: FactType
    basis: Basis
    by: tuple[str, ...]
    rows: tuple[ParameterRow, ...]
    currency: str
    uses: dict[tuple[date, Key], ParameterUse | None] = field(default_factory=dict, repr=False, compare=False)

    def on(self, day: date, key: Key = ()) -> FactValue | None:
        """Return the value in force on `day`, or None when the pack does not hold it."""
        for row in self.rows:
            if row.covers(day):
                return row.values.get(key)
        return None

    def use(self, day: date, key: Key) -> ParameterUse | None:
        """Return the value in force on `day` with its basis and source, or None when the pack does not hold it."""
        try:
            return self.uses[(day, key)]
        except KeyError:
            if len(self.uses) >= _USES_KEPT:
                self.uses.clear()
            return self.uses.setdefault((day, key), self._use(day, key))

    def _use(self, day: date, key: Key) -> ParameterUse | None:
        row = next((row for row in self.rows if row.covers(day)), None)
        value = row.values.get(key) if row is not None else None
        if row is None or value is None:
            return None
        shown = display_typed(self.type, value, self.currency)
        return ParameterUse(self.id, self.title, value, shown, self.basis, row.source, key)


def reader(parameter: Parameter, keys: tuple[Run, ...], dated_by: str) -> Run:
    """Return a function that reads a parameter in a context.

    Where the day or part of the key is not known, the answer lies between the least and the greatest value it could
    be; if those are one and the same, that is the answer.
    """
    absent = Unknown(figures=frozenset({parameter.id}))
    name = (parameter.id, ())

    def run_single(context: Context) -> Value:
        if context.on is None:
            return _bounded(parameter, [], context, dated_by)
        use = parameter.use(context.on, ())
        if use is None:
            return absent
        if context.traces:
            context.thresholds[name] = use
        return use.value

    if not keys:
        return run_single

    def run(context: Context) -> Value:
        key = [read(context) for read in keys]
        if context.on is None or any(type(part) is Unknown for part in key):
            return _bounded(parameter, key, context, dated_by)
        use = parameter.use(context.on, tuple(map(str, key)))
        if use is None:
            return absent
        if context.traces:
            context.thresholds[(parameter.id, use.key)] = use
        return use.value

    return run


def _bounded(parameter: Parameter, key: list[Value], context: Context, dated_by: str) -> Value:
    """Return what is known of a parameter although its day or key is not."""
    day = context.on
    facts = NO_NAMES if day is not None else frozenset({dated_by})
    figures = NO_NAMES
    choices: list[Iterable[str]] = []
    for part in key:
        if isinstance(part, Unknown):
            facts, figures = facts | part.facts, figures | part.figures
            choices.append(sorted(part.options))
        else:
            choices.append([str(part)])
    rows = [row for row in parameter.rows if day is None or row.covers(day)]
    candidates = [row.values.get(combination) for row in rows for combination in product(*choices)]
    held = [value for value in candidates if value is not None]
    if not held:
        return Unknown(facts, figures | {parameter.id})
    if len(held) < len(candidates):
        return Unknown(facts, figures)
    low, high = hull(list(held))
    if low == high and low is not None and day is not None:
        return low
    return Unknown(facts, figures, low, high)
