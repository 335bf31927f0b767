"""What would change a result: for each fact a rule is about, the nearest value under which it would say otherwise.

The rule itself is asked: a value is only named when judging with it gives the other outcome, and with the value one
step nearer does not. So it holds for any condition tree, and nothing here knows what a rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactType, FactValue
from mystery_shopper.facts.policy import display
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.results import Outcome, RuleResult

_STEP = Decimal("0.01")
"""Smallest step of a percentage or multiple; whole numbers and durations step by 1, money by 1p, dates by 1 day."""
_LARGEST = 10**13
_OTHERWISE = {
    Outcome.RAISED: frozenset({Outcome.CLEARED, Outcome.UNDECIDED}),
    Outcome.CLEARED: frozenset({Outcome.RAISED}),
}
"""What counts as another result: a raised rule that no longer is, a cleared one that is raised."""
Judge = Callable[[FactValue], Outcome | None]
"""Returns the outcome under a value where it is another result, None where it is not."""


class Operator(StrEnum):
    """How a value bounds those that change the result."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    IS = "is"


@dataclass(frozen=True)
class Change:
    """A value of one fact that gives the outcome `leads_to`, all else being as it is.

    `distance` is how far the fact is from it, in its own unit (money in pence, dates in days); None where there is no
    distance, as between yes and no.
    """

    fact_id: str
    operator: Operator
    value: FactValue
    leads_to: Outcome
    distance: Decimal | None


def nearest_changes(result: RuleResult, facts: Mapping[str, FactValue], catalogue: Catalogue) -> tuple[Change, ...]:
    """Return what would change a raised or cleared result, one value at most for each fact and direction.

    Only facts the rule is about (its triggers) are tried: what the buyer asks for, not what is bought. Other results,
    and results of a rule of another version, have none.
    """
    wanted = _OTHERWISE.get(result.outcome)
    rule = catalogue.rule(result.rule_id)
    if wanted is None or rule.version != result.rule_version:
        return ()
    tried = [trigger.fact for trigger in rule.triggers if trigger.fact in facts and trigger.fact in result.inputs]
    found: list[Change] = []
    for fact_id in dict.fromkeys(tried):
        definition = catalogue.registry[fact_id]

        def judge(value: FactValue, fact_id: str = fact_id) -> Outcome | None:
            judged = evaluate({**facts, fact_id: value}, catalogue=catalogue, rule_ids=(rule.id,))
            outcome = judged.results[0].outcome
            return outcome if outcome in wanted else None

        found.extend(_changes_of(definition, facts[fact_id], judge))
    return tuple(found)


def _changes_of(definition: FactDefinition, now: FactValue, judge: Judge) -> Iterator[Change]:
    others: tuple[FactValue, ...] = ()
    if isinstance(now, bool):
        others = (not now,)
    elif definition.type is FactType.CHOICE:
        others = tuple(option.id for option in definition.options if option.id != now)
    elif not isinstance(now, str):
        yield from _ordered(definition, now, judge)
    for value in others:
        outcome = judge(value)
        if outcome is not None:
            yield Change(definition.id, Operator.IS, value, outcome, None)


def _ordered(definition: FactDefinition, now: int | Decimal | date, judge: Judge) -> Iterator[Change]:
    """Search both ways: in steps that double until the result changes, then by halves for the first step that does."""
    start = _steps(definition, now)
    for way, operator in ((-1, Operator.AT_MOST), (1, Operator.AT_LEAST)):
        end = _end(definition, start, way)
        nearest = _search(start, end, way, lambda step: judge(_value(definition, step)) is not None)
        outcome = None if nearest is None else judge(_value(definition, nearest))
        if nearest is not None and outcome is not None:
            value, distance = _value(definition, nearest), _distance(definition, abs(nearest - start))
            yield Change(definition.id, operator, value, outcome, distance)


def _search(start: int, end: int, way: int, changes: Callable[[int], bool]) -> int | None:
    """Return a step from `start` towards `end` at which the result changes, and one nearer it does not; None: never."""
    reach, before = 1, start
    while True:
        place = start + way * reach
        last = (place - end) * way >= 0
        place = end if last else place
        if place != start and changes(place):
            break
        if last:
            return None
        before, reach = place, reach * 2
    while abs(place - before) > 1:
        middle = (place + before) // 2
        place, before = (middle, before) if changes(middle) else (place, middle)
    return place


def _steps(definition: FactDefinition, value: int | Decimal | date) -> int:
    if isinstance(value, date):
        return value.toordinal()
    return int(value / _STEP) if definition.type in DECIMALS else int(value)


def _value(definition: FactDefinition, step: int) -> FactValue:
    if definition.type is FactType.DATE:
        return date.fromordinal(step)
    return step * _STEP if definition.type in DECIMALS else step


def _distance(definition: FactDefinition, steps: int) -> Decimal:
    return steps * _STEP if definition.type in DECIMALS else Decimal(steps)


def _end(definition: FactDefinition, start: int, way: int) -> int:
    """Return the last step the fact can take in a direction."""
    bound = definition.minimum if way < 0 else definition.maximum
    if bound is not None:
        return _steps(definition, bound)
    if definition.type is FactType.DATE:
        return date.min.toordinal() if way < 0 else date.max.toordinal()
    return 0 if way < 0 else max(start, _LARGEST)


def in_words(change: Change, catalogue: Catalogue) -> str:
    """Write a change for people: `Bond or cash deposit: £120,000 or less`."""
    definition = catalogue.registry[change.fact_id]
    shown = display(definition, change.value)
    bounds = {Operator.AT_MOST: " or less", Operator.AT_LEAST: " or more", Operator.IS: ""}
    if definition.type is FactType.DATE:
        bounds |= {Operator.AT_MOST: " or earlier", Operator.AT_LEAST: " or later"}
    return f"{definition.title}: {shown}{bounds[change.operator]}"
