"""Clocks against a counter that walks day by day and is obviously right, with pauses, bank holidays and all units."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.policy import Clock, DueKind, Unit
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.calendar import Span, add_months, count_working_days, stretch

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 25)), max_size=4)
COUNTS = {Unit.WORKING_DAYS: 40, Unit.CALENDAR_DAYS: 90, Unit.DAYS_BEGINNING_WITH: 90, Unit.MONTHS: 14}


def spans_from(start: date, pairs: list[tuple[int, int]]) -> list[Span]:
    return [Span(start + timedelta(days=after), start + timedelta(days=after + long)) for after, long in pairs]


def counts(day: date, stopped: list[Span]) -> bool:
    return not any(span.start <= day and day < span.end for span in stopped)


def walk(start: date, days: int, stopped: list[Span], holidays: frozenset[date] | None) -> date:
    """Walk from the day after `start` until `days` days have counted; with holidays only working days count."""
    day, seen = start, 0
    while seen < days:
        day += timedelta(days=1)
        works = holidays is None or (day.isoweekday() <= 5 and day not in holidays)
        seen += works and counts(day, stopped)
    return day


def clock_of(unit: Unit, count: int, kind: DueKind) -> Clock:
    return Clock(CaseState.TRIAGE, count, unit, kind, "test", "test")


@given(
    start=DAYS,
    unit=st.sampled_from(Unit),
    share=st.floats(0, 1),
    pairs=SPANS,
    holidays=st.frozensets(st.integers(0, 90), max_size=15),
)
def test_a_clock_ends_on_the_day_a_patient_counter_comes_to(
    start: date, unit: Unit, share: float, pairs: list[tuple[int, int]], holidays: frozenset[int]
) -> None:
    count, stopped = 1 + int(share * (COUNTS[unit] - 1)), spans_from(start, pairs)
    free = frozenset(start + timedelta(days=day) for day in holidays)
    plain = {
        Unit.WORKING_DAYS: count,
        Unit.CALENDAR_DAYS: count,
        Unit.DAYS_BEGINNING_WITH: count - 1,
        Unit.MONTHS: (add_months(start, count) - start).days,
    }[unit]
    only = free if unit is Unit.WORKING_DAYS else None

    assert clock_of(unit, count, DueKind.STEP).ends_on(start, free, stopped) == walk(start, plain, stopped, only)
    statutory = clock_of(unit, count, DueKind.STATUTORY).ends_on(start, free, stopped)
    assert statutory == walk(start, plain, [], only), "a period set by law is never stopped"


@given(start=DAYS, long=st.integers(0, 200), pairs=SPANS)
def test_a_stretched_period_has_as_many_days_that_count_as_before(
    start: date, long: int, pairs: list[tuple[int, int]]
) -> None:
    stopped = spans_from(start, pairs)
    end = stretch(start, start + timedelta(days=long), stopped)
    days = [start + timedelta(days=passed) for passed in range(1, (end - start).days + 1)]
    assert sum(counts(day, stopped) for day in days) == long


@given(start=DAYS, long=st.integers(-10, 60))
def test_working_days_between_two_days_are_counted_one_by_one(start: date, long: int) -> None:
    end, seen, day = start + timedelta(days=long), 0, start
    while day < end:
        day += timedelta(days=1)
        seen += day.isoweekday() <= 5
    assert count_working_days(start, end, frozenset()) == seen
