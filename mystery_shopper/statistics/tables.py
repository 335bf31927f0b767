"""The tables of the page: what was counted, with everything hidden that would give a small number away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from mystery_shopper.cases.followup import PracticeChanged
from mystery_shopper.cases.models import FeedbackQuestion
from mystery_shopper.core.languages import current
from mystery_shopper.interventions.models import Upheld
from mystery_shopper.rules.loading import families
from mystery_shopper.rules.translating import catalogue_in
from mystery_shopper.statistics import queries
from mystery_shopper.statistics.policy import (
    Figure,
    Parts,
    counted_until,
    figures,
    first_day,
    hide_small,
    last_day,
    median_of,
    protect,
    year_name,
)
from mystery_shopper.statistics.queries import Came, Scope, Taken

K = TypeVar("K")
SATISFIED = {"5": "satisfied", "4": "satisfied", "3": "neither", "2": "dissatisfied", "1": "dissatisfied"}
"""Five answers are published as three: fewer are too small to show."""


@dataclass(frozen=True)
class YearRow:
    """One financial year, as it may be shown; None stands for a number that is hidden.

    `median` is None as well where there is nothing to take it of.
    """

    name: str
    is_begun: bool
    received: int | None
    closed: int | None
    median: float | None
    target: Parts[bool]
    upheld: Parts[Upheld]
    positive: Parts[bool]
    paid: Parts[bool]
    pence: int | None

    @property
    def median_words(self) -> str | None:
        """Return the median without idle zeros."""
        return None if self.median is None else f"{self.median:g}"


@dataclass(frozen=True)
class ThemeRow:
    """A kind of barrier, and in how many concerns of each year it was raised."""

    title: str
    numbers: Sequence[int | None]


@dataclass(frozen=True)
class FeedbackRow:
    """What reporters said in one year."""

    name: str
    satisfied: Parts[str]
    changed: Parts[str]


@dataclass(frozen=True)
class Statistics:
    """The page. Years are in order, the newest first; those before the first concern are left out."""

    until: date
    next_on: date
    smallest: int
    years: Sequence[YearRow]
    themes: Sequence[ThemeRow]
    with_theme: Sequence[int | None]
    feedback: Sequence[FeedbackRow]

    @property
    def most_received(self) -> int:
        """Return the largest number of concerns in a year: the length of the longest bar."""
        return max((row.received or 0 for row in self.years), default=0)


def load_statistics(today: date, *, with_demonstration: bool) -> Statistics:
    """Count everything that is published, up to the end of the last whole period."""
    numbers = figures()
    smallest, months = numbers[Figure.SMALLEST_COUNT], numbers[Figure.RELEASE_MONTHS]
    until = counted_until(today, months)
    scope = queries.scope_of(until, numbers[Figure.YEARS_SHOWN], with_demonstration=with_demonstration)
    received = queries.count_received(scope)
    begun = [year for year in scope.years if year >= min(received, default=scope.years[-1] + 1)]
    shown = list(reversed(begun))
    return Statistics(
        until=until,
        next_on=_next_release(today, months),
        smallest=smallest,
        years=_years(scope, received, shown, smallest),
        themes=_themes(scope, shown, smallest),
        with_theme=_numbers(queries.count_with_theme(scope), shown, smallest),
        feedback=_feedback([year for year in shown if first_day(year + 1) <= today], smallest),
    )


def _next_release(today: date, months: int) -> date:
    day = today
    while counted_until(day, months) == counted_until(today, months):
        day = day.fromordinal(day.toordinal() + 1)
    return day


def _numbers(found: Mapping[int, int], years: Sequence[int], smallest: int) -> list[int | None]:
    return [hide_small(found.get(year, 0), smallest) for year in years]


def _years(scope: Scope, received: Mapping[int, int], years: Sequence[int], smallest: int) -> list[YearRow]:
    closed, days, came = queries.count_closed(scope), queries.count_days(scope), queries.count_outcomes(scope)
    return [
        _year(
            year,
            is_begun=scope.until < last_day(year),
            received=hide_small(received.get(year, 0), smallest),
            closed=hide_small(closed.get(year, 0), smallest),
            days=[one for one in days if one.year == year],
            came=[one for one in came if one.year == year],
            smallest=smallest,
        )
        for year in years
    ]


def _year(
    year: int,
    *,
    is_begun: bool,
    received: int | None,
    closed: int | None,
    days: Sequence[Taken],
    came: Sequence[Came],
    smallest: int,
) -> YearRow:
    upheld, positive, paid, met = Counter[Upheld](), Counter[bool](), Counter[bool](), Counter[bool]()
    for one in came:
        upheld[one.upheld] += one.number
        positive[one.positive] += one.number
        paid[one.paid] += one.number
    for took in days:
        if took.on_target is not None:
            met[bool(took.on_target)] += took.number
    payments = protect({yes: paid[yes] for yes in (True, False)}, smallest)
    is_enough = sum(one.number for one in days) >= smallest
    return YearRow(
        name=year_name(year),
        is_begun=is_begun,
        received=received,
        closed=closed,
        median=median_of((one.days, one.number) for one in days) if is_enough else None,
        target=protect({yes: met[yes] for yes in (True, False)}, smallest),
        upheld=protect({value: upheld[value] for value in Upheld}, smallest),
        positive=protect({yes: positive[yes] for yes in (True, False)}, smallest),
        paid=payments,
        pence=None if payments.parts[True] is None else sum(one.pence for one in came),
    )


def _themes(scope: Scope, years: Sequence[int], smallest: int) -> list[ThemeRow]:
    kinds = families(catalogue_in(current()))
    counted = queries.count_themes(scope, kinds)
    rows = [
        (sum(counted.get((one.id, year), 0) for year in years), one)
        for one in kinds
        if any((one.id, year) in counted for year in years)
    ]
    return [
        ThemeRow(one.title, [hide_small(counted.get((one.id, year), 0), smallest) for year in years])
        for _, one in sorted(rows, key=lambda row: -row[0])
    ]


def _feedback(years: Sequence[int], smallest: int) -> list[FeedbackRow]:
    """Return what reporters said in the years that are over: within a year one answer could be told from the next."""
    found = queries.count_feedback(years)
    rows = []
    for year in years:
        satisfied = Counter(dict.fromkeys(SATISFIED.values(), 0))
        for answer, number in found.get((FeedbackQuestion.SATISFIED, year), {}).items():
            satisfied[SATISFIED[answer]] += number
        changed = found.get((FeedbackQuestion.CHANGED, year), {})
        rows.append(
            FeedbackRow(
                year_name(year),
                protect(satisfied, smallest),
                protect({one.value: changed.get(one.value, 0) for one in PracticeChanged}, smallest),
            )
        )
    return [row for row in rows if row.satisfied.total != 0 or row.changed.total != 0]
