"""Build closures for values: facts, arithmetic and choices between values. Operands are typed before they get here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context as DecimalContext
from decimal import Decimal

from mystery_shopper.core.calendar import add_months, add_working_days
from mystery_shopper.facts.definitions import FactDefinition, FactType, FactValue
from mystery_shopper.rules.logic import (
    NO_NAMES,
    Bound,
    Condition,
    Context,
    Number,
    Run,
    Unknown,
    Value,
    high_of,
    hull,
    low_of,
    merged,
)

_EXACT = DecimalContext(prec=50)
_LAST_DAY = date.max
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class Expression:
    """A typed value to be computed: `run` computes it; `facts` and `parameters` are all it can read."""

    type: FactType
    run: Run
    facts: frozenset[str] = NO_NAMES
    parameters: frozenset[str] = NO_NAMES
    options: frozenset[str] = NO_NAMES
    currency: str = "GBP"


def fact(definition: FactDefinition) -> Run:
    """Read a fact, noting in the trace that it was read."""
    fact_id = definition.id
    unknown = Unknown(frozenset({fact_id}), NO_NAMES, definition.minimum, definition.maximum, definition.option_ids)

    def run(context: Context) -> Value:
        value = context.facts.get(fact_id)
        if value is None:
            return unknown
        if context.traces:
            context.used[fact_id] = value
        return value

    return run


def bounded_fact(definition: FactDefinition, low: Run, high: Run) -> Run:
    """Read a fact; when it is not known it must lie between two other values."""
    read = fact(definition)

    def run(context: Context) -> Value:
        value = read(context)
        if not isinstance(value, Unknown):
            return value
        return Unknown(value.facts, NO_NAMES, low_of(low(context)), high_of(high(context)))

    return run


def constant(value: FactValue) -> Run:
    """A value written in the rule itself."""
    return lambda _context: value


def multiply(left: Run, right: Run) -> Run:
    """Product of two values that are not negative."""

    def product(one: Number, other: Number) -> Number:
        return _EXACT.multiply(Decimal(one), Decimal(other))

    return _increasing(product, left, right)


def plus(left: Run, right: Run) -> Run:
    """Sum of two values of the same type."""
    return _increasing(lambda one, other: one + other, left, right)


def _increasing(operate: Callable[[Number, Number], Number], left: Run, right: Run) -> Run:
    """Apply an operation that grows with both operands."""

    def end(one: Bound, other: Bound) -> Bound:
        if one is None or other is None or isinstance(one, date) or isinstance(other, date):
            return None
        return operate(one, other)

    def run(context: Context) -> Value:
        one, other = left(context), right(context)
        if type(one) is not Unknown and type(other) is not Unknown:
            return operate(one, other)  # type: ignore[arg-type]
        return merged((one, other), end(low_of(one), low_of(other)), end(high_of(one), high_of(other)))

    return run


def ratio(left: Run, right: Run, scale: int) -> Run:
    """`scale` times `left` divided by `right`, both not negative; not known where the divisor is nothing."""

    def quotient(one: Bound, other: Bound) -> Decimal | None:
        if one is None or isinstance(one, date) or isinstance(other, date) or not other:
            return None
        return _EXACT.divide(Decimal(one) * scale, Decimal(other))

    def run(context: Context) -> Value:
        one, other = left(context), right(context)
        if type(one) is not Unknown and type(other) is not Unknown:
            result = quotient(low_of(one), low_of(other))
            return Unknown() if result is None else result
        least = quotient(low_of(one), high_of(other))
        return merged((one, other), Decimal(0) if least is None else least, quotient(high_of(one), low_of(other)))

    return run


def days_between(start: Run, end: Run) -> Run:
    """Days from `start` to `end`: 0 when they are the same day, negative when `end` is earlier."""

    def span(first: Bound, last: Bound) -> int | None:
        return (last - first).days if isinstance(first, date) and isinstance(last, date) else None

    def run(context: Context) -> Value:
        first, last = start(context), end(context)
        if type(first) is not Unknown and type(last) is not Unknown:
            return (last - first).days  # type: ignore[operator, union-attr]
        return merged((first, last), span(high_of(first), low_of(last)), span(low_of(first), high_of(last)))

    return run


def later_by(start: Run, period: Run, unit: FactType, holidays: frozenset[date]) -> Run:
    """The date a period of days, working days, months or years after `start`, which is not counted."""

    def move(day: Bound, count: Bound) -> date | None:
        if not isinstance(day, date) or not isinstance(count, int):
            return None
        try:
            if unit is FactType.DAYS:
                return day + timedelta(days=count)
            if unit is FactType.WORKING_DAYS:
                return add_working_days(day, count, holidays)
            return add_months(day, count * (_MONTHS_IN_YEAR if unit is FactType.YEARS else 1))
        except (OverflowError, ValueError):
            return _LAST_DAY

    def run(context: Context) -> Value:
        day, count = start(context), period(context)
        moved = move(low_of(day), low_of(count))
        if type(day) is not Unknown and type(count) is not Unknown and moved is not None:
            return moved
        return merged((day, count), moved, move(high_of(day), high_of(count)))

    return run


def greatest(operands: list[Run]) -> Run:
    """The greatest of several values; at least as great as any that is known."""

    def run(context: Context) -> Value:
        values = [operand(context) for operand in operands]
        if not any(type(value) is Unknown for value in values):
            return max(values)  # type: ignore[type-var]
        lows = [bound for value in values if (bound := low_of(value)) is not None]
        top = max(lows) if lows else None
        rivals = [value for value in values if top is None or not _below(high_of(value), top)]
        if len(rivals) == 1 and type(rivals[0]) is not Unknown:
            return rivals[0]
        return merged(rivals, top, hull(values)[1])

    return run


def _below(bound: Bound, other: Bound) -> bool:
    """Tell whether one bound is there and less than another."""
    return bound is not None and other is not None and bound < other  # type: ignore[operator]


def least(operands: list[Run]) -> Run:
    """The least of several values; at most as great as any that is known."""

    def run(context: Context) -> Value:
        values = [operand(context) for operand in operands]
        if not any(type(value) is Unknown for value in values):
            return min(values)  # type: ignore[type-var]
        highs = [bound for value in values if (bound := high_of(value)) is not None]
        return merged(values, hull(values)[0], min(highs) if highs else None)

    return run


def first_known(operands: list[Run]) -> Run:
    """The first value that is known; while none is, any of the facts would do."""

    def run(context: Context) -> Value:
        values = [operand(context) for operand in operands]
        for value in values:
            if type(value) is not Unknown:
                return value
        return merged(values, *hull(values))

    return run


def greatest_known(operands: list[Run]) -> Run:
    """The greatest of the values that are known: what is not stated is taken as not demanded."""

    def run(context: Context) -> Value:
        values = [operand(context) for operand in operands]
        known = [value for value in values if type(value) is not Unknown]
        return max(known) if known else merged(values, *hull(values))  # type: ignore[type-var]

    return run


def choose(cases: list[tuple[Condition, Run]], otherwise: Run) -> Run:
    """The value of the first case whose condition is true; where that is not known, between those it could be."""

    def run(context: Context) -> Value:
        open_conditions: list[Unknown] = []
        candidates: list[Value] = []
        for condition, value in cases:
            truth = condition(context)
            if truth is False:
                continue
            candidates.append(value(context))
            if truth is True:
                break
            open_conditions.append(truth)
        else:
            candidates.append(otherwise(context))
        if not open_conditions:
            return candidates[0]
        if all(type(v) is not Unknown and v == candidates[0] for v in candidates):
            return candidates[0]
        return merged([*open_conditions, *candidates], *hull(candidates))

    return run
