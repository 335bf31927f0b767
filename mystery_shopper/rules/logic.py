"""Three-valued logic (Kleene) over known and unknown values. Pure.

An unknown value is not just a hole: it remembers which facts would fill it and between which bounds it must lie, so
that `£50 is less than an unknown price of at least £100` is true and asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.results import ParameterUse

NO_NAMES: frozenset[str] = frozenset()

Number: TypeAlias = int | Decimal
Bound: TypeAlias = Number | date | None


class Unknown:
    """A value or truth that is not known.

    `facts` are ids of the facts that would settle it; `figures` are ids of dated values the pack does not hold for the
    day in question. `low` and `high` are inclusive bounds, None where there is none. `options` are the option ids a
    choice can still have.
    """

    __slots__ = ("facts", "figures", "high", "low", "options")

    def __init__(
        self,
        facts: frozenset[str] = NO_NAMES,
        figures: frozenset[str] = NO_NAMES,
        low: Bound = None,
        high: Bound = None,
        options: frozenset[str] = NO_NAMES,
    ) -> None:
        self.facts = facts
        self.figures = figures
        self.low = low
        self.high = high
        self.options = options


Value: TypeAlias = FactValue | Unknown
Truth: TypeAlias = bool | Unknown


Trace: TypeAlias = dict[str, FactValue]
ThresholdTrace: TypeAlias = dict[tuple[str, tuple[str, ...]], ParameterUse]
Memo: TypeAlias = dict[str, tuple[Value, Trace, ThresholdTrace]]


@dataclass(slots=True)
class Context:
    """One evaluation of one rule: what is known, the day its figures are taken on, and the trace of what was read.

    `memo` keeps the terms already worked out, each with what it read; rules of one evaluation share it. Without
    `traces` what terms read is not kept.
    """

    facts: Mapping[str, FactValue]
    on: date | None
    used: Trace
    thresholds: ThresholdTrace
    memo: Memo
    traces: bool = True


_NOTHING: Trace = {}
_NO_THRESHOLDS: ThresholdTrace = {}
"""What terms read in an evaluation without a trace; never written to."""
Run: TypeAlias = Callable[[Context], Value]
Condition: TypeAlias = Callable[[Context], Truth]


def remembered(name: str, run: Run) -> Run:
    """Work a term out once in an evaluation; later uses give the same value and the same trace."""

    def recall(context: Context) -> Value:
        known = context.memo.get(name)
        if not context.traces:
            if known is None:
                known = context.memo[name] = (run(context), _NOTHING, _NO_THRESHOLDS)
            return known[0]
        if known is None:
            outer_used, outer_thresholds = context.used, context.thresholds
            context.used, context.thresholds = {}, {}
            known = (run(context), context.used, context.thresholds)
            context.used, context.thresholds = outer_used, outer_thresholds
            context.memo[name] = known
        value, used, thresholds = known
        context.used.update(used)
        context.thresholds.update(thresholds)
        return value

    return recall


def joined(runs: tuple[Condition, ...], *, decisive: bool) -> Condition:
    """Join conditions by Kleene's or (`decisive` is true) or and (it is false): one such answer settles all.

    With a trace every condition is read, without one no more than it takes.
    """
    combine, rest = (any_of if decisive else all_of), not decisive

    def run(context: Context) -> Truth:
        if context.traces:
            return combine([condition(context) for condition in runs])
        found: Truth = rest
        for condition in runs:
            truth = condition(context)
            if truth is decisive:
                return decisive
            if truth is not rest:
                found = truth
        return found

    return run


def one_of(read: Run, options: tuple[str, ...]) -> Condition:
    """Tell whether a choice is one of some options."""

    def run(context: Context) -> Truth:
        value = read(context)
        if type(value) is not Unknown:
            return value in options
        return any_of([same(value, option) for option in options])

    return run


def compared(
    left: Run, right: Run, known: Callable[[Any, Any], bool], bounded: Callable[[Value, Value], Truth]
) -> Condition:
    """Compare two values: by `known` where both are, otherwise by their bounds."""

    def run(context: Context) -> Truth:
        one, other = left(context), right(context)
        if type(one) is not Unknown and type(other) is not Unknown:
            return known(one, other)
        return bounded(one, other)

    return run


def merged(values: Iterable[object], low: Bound = None, high: Bound = None) -> Unknown:
    """Return the unknown that results from `values`, of which at least one is unknown."""
    first: Unknown | None = None
    facts, figures = NO_NAMES, NO_NAMES
    for value in values:
        if isinstance(value, Unknown):
            if first is None:
                first, facts, figures = value, value.facts, value.figures
            else:
                facts, figures = facts | value.facts, figures | value.figures
    unbounded = first is not None and low is None and high is None and first.low is None and first.high is None
    if unbounded and first is not None and facts == first.facts and figures == first.figures:
        return first
    return Unknown(facts, figures, low, high)


def low_of(value: Value) -> Bound:
    """Least value it can have, None when unbounded or without an order."""
    if type(value) is Unknown:
        return value.low
    return None if type(value) is str else value  # type: ignore[return-value]


def high_of(value: Value) -> Bound:
    """Greatest value it can have, None when unbounded or without an order."""
    if type(value) is Unknown:
        return value.high
    return None if type(value) is str else value  # type: ignore[return-value]


def negated(truth: Truth) -> Truth:
    """Kleene not."""
    return truth if isinstance(truth, Unknown) else not truth


def all_of(truths: list[Truth]) -> Truth:
    """Kleene and: false if any is false, otherwise unknown if any is unknown."""
    if False in truths:
        return False
    unknown = [truth for truth in truths if isinstance(truth, Unknown)]
    return merged(unknown) if unknown else True


def any_of(truths: list[Truth]) -> Truth:
    """Kleene or: true if any is true, otherwise unknown if any is unknown."""
    if True in truths:
        return True
    unknown = [truth for truth in truths if isinstance(truth, Unknown)]
    return merged(unknown) if unknown else False


def more_than(left: Value, right: Value) -> Truth:
    """Tell whether `left > right`, from their bounds where they are not known."""
    if type(left) is not Unknown and type(right) is not Unknown:
        return left > right  # type: ignore[operator]
    left_low, right_high = low_of(left), high_of(right)
    if left_low is not None and right_high is not None and left_low > right_high:  # type: ignore[operator]
        return True
    left_high, right_low = high_of(left), low_of(right)
    if left_high is not None and right_low is not None and left_high <= right_low:  # type: ignore[operator]
        return False
    return _unsettled(left, right)


def less_than(left: Value, right: Value) -> Truth:
    """Tell whether `left < right`, from their bounds where they are not known."""
    return more_than(right, left)


def at_most(left: Value, right: Value) -> Truth:
    """Tell whether `left <= right`, from their bounds where they are not known."""
    return negated(more_than(left, right))


def at_least(left: Value, right: Value) -> Truth:
    """Tell whether `left >= right`, from their bounds where they are not known."""
    return negated(more_than(right, left))


def same(left: Value, right: Value) -> Truth:
    """Tell whether `left == right`, from their bounds or options where they are not known."""
    if type(left) is not Unknown and type(right) is not Unknown:
        return left == right
    if more_than(left, right) is True or more_than(right, left) is True:
        return False
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown) and one.options and isinstance(other, str) and other not in one.options:
            return False
    return _unsettled(left, right)


def _unsettled(left: Value, right: Value) -> Unknown:
    """Return a bare unknown (a truth has no bounds) for a comparison that cannot be settled."""
    if type(left) is Unknown:
        if type(right) is Unknown:
            return Unknown(left.facts | right.facts, left.figures | right.figures)
        return left if left.low is None and left.high is None else Unknown(left.facts, left.figures)
    return Unknown(right.facts, right.figures) if type(right) is Unknown else Unknown()


def hull(values: list[Value]) -> tuple[Bound, Bound]:
    """Return the least and greatest bound of any of `values`; None where one of them has none."""
    lows = [low_of(value) for value in values]
    highs = [high_of(value) for value in values]
    low = None if None in lows else min(bound for bound in lows if bound is not None)
    high = None if None in highs else max(bound for bound in highs if bound is not None)
    return low, high
