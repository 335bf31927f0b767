"""What may be published of a count: nothing small, and nothing from which something small follows."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.statistics.policy import counted_until, first_day, hide_small, median_of, protect

SMALLEST = 5
COUNTS = st.lists(st.integers(0, 12), min_size=2, max_size=5).map(lambda numbers: dict(enumerate(numbers)))


@pytest.mark.parametrize(
    ("counts", "total", "shown"),
    [
        ((20, 30), 50, (20, 30)),
        ((20, 0), 20, (20, 0)),
        ((20, 3), 23, (None, None)),
        ((20, 9, 3), 32, (20, None, None)),
        ((20, 2, 1), 23, (None, None, None)),
        ((20, 4, 4), 28, (20, None, None)),
        ((2, 1), None, (None, None)),
        ((0, 0), 0, (0, 0)),
    ],
)
def test_a_small_part_and_what_would_give_it_away_are_hidden(
    counts: tuple[int, ...], total: int | None, shown: tuple[int | None, ...]
) -> None:
    found = protect(dict(enumerate(counts)), SMALLEST)
    assert (found.total, tuple(found.parts.values())) == (total, shown)


@given(COUNTS)
def test_no_small_part_follows_from_the_total_and_the_parts_that_are_shown(counts: dict[int, int]) -> None:
    found = protect(counts, SMALLEST)
    hidden = [part for part, number in found.parts.items() if number is None]
    assert not any(number is not None and 0 < number < SMALLEST for number in (found.total, *found.parts.values()))
    if found.total is None or not hidden:
        return
    left = found.total - sum(number or 0 for number in found.parts.values())
    assert len(hidden) > 1
    assert left >= SMALLEST
    possible = [one for one in product(range(1, left + 1), repeat=len(hidden)) if sum(one) == left] if left < 30 else []
    assert left >= 30 or all(len({one[place] for one in possible}) > 1 for place in range(len(hidden)))


def test_shares_are_of_the_total_and_never_of_what_is_hidden() -> None:
    assert protect({"yes": 30, "no": 10}, SMALLEST).share("yes") == 75
    assert protect({"yes": 30, "no": 1}, SMALLEST).share("yes") is None
    assert protect({"yes": 0, "no": 0}, SMALLEST).share("yes") is None
    assert [hide_small(number, SMALLEST) for number in (0, 1, 4, 5)] == [0, None, None, 5]


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 4, 5), date(2026, 1, 5)),
        (date(2026, 4, 6), date(2026, 4, 5)),
        (date(2026, 7, 5), date(2026, 4, 5)),
        (date(2026, 11, 26), date(2026, 10, 5)),
        (date(2027, 1, 5), date(2026, 10, 5)),
    ],
)
def test_figures_go_up_to_the_end_of_the_last_whole_quarter(today: date, until: date) -> None:
    assert counted_until(today, 3) == until


@given(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.sampled_from([1, 3, 6, 12]))
def test_the_last_day_counted_has_passed_and_is_near(today: date, months: int) -> None:
    until = counted_until(today, months)
    assert until < today
    assert today - until <= timedelta(days=31 * months)
    assert (until + timedelta(days=1)).day == first_day(2020).day


def test_the_median_is_the_one_in_the_middle() -> None:
    assert median_of([]) is None
    assert median_of([(10, 1), (30, 1), (20, 1)]) == 20
    assert median_of([(10, 2), (21, 2)]) == 15.5
