from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.calendar import add_months, add_working_days, is_working_day, last_day_beginning_with
from mystery_shopper.core.holidays import SCOTLAND, bank_holidays

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


@given(start=DAYS, count=st.integers(0, 60), holidays=st.frozensets(DAYS, max_size=20))
def test_a_deadline_counts_exactly_its_working_days(start: date, count: int, holidays: frozenset[date]) -> None:
    end = add_working_days(start, count, holidays)
    span = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
    assert sum(is_working_day(day, holidays) for day in span) == count
    assert count == 0 or is_working_day(end, holidays)


@given(start=DAYS, days=st.integers(1, 400))
def test_a_period_beginning_with_a_day_counts_that_day_as_the_first(start: date, days: int) -> None:
    end = last_day_beginning_with(start, days)
    assert (end - start).days + 1 == days


def test_thirty_days_beginning_with_the_first_of_april_end_on_the_thirtieth() -> None:
    assert last_day_beginning_with(date(2025, 4, 1), 30) == date(2025, 4, 30)


@given(day=DAYS, months=st.integers(0, 60))
def test_adding_months_lands_in_the_right_month_and_never_later_in_it(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day <= day.day


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 10, 5), 2, date(2025, 12, 5)),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2025, 1, 1), -1, frozenset())
    with pytest.raises(ValueError, match="at least one"):
        last_day_beginning_with(date(2025, 1, 1), 0)


def test_the_shipped_list_knows_the_bank_holidays_of_this_year_and_the_next() -> None:
    days = bank_holidays()
    assert {date(2026, 12, 25), date(2026, 4, 3), date(2027, 1, 1)} <= days
    assert date(2026, 11, 30) in bank_holidays(SCOTLAND)
    assert date(2026, 11, 30) not in days
