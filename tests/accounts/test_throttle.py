"""How often something may be tried."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.accounts.throttle import (
    LONGEST_DELAY,
    SERVICE_ATTEMPTS_PER_WINDOW,
    Tally,
    count_attempt,
    count_service_attempt,
    lock_length,
)

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def attempts(moments: list[timedelta]) -> list[bool]:
    tally, results = Tally(START), []
    for moment in moments:
        tally, allowed = count_attempt(tally, START + moment)
        results.append(allowed)
    return results


def test_five_attempts_in_a_minute_are_looked_at_and_no_more() -> None:
    assert attempts([timedelta(seconds=second) for second in range(8)]) == [True] * 5 + [False] * 3


def test_the_sixth_is_looked_at_again_after_a_minute() -> None:
    moments = [timedelta(seconds=0)] * 5 + [timedelta(seconds=59), timedelta(seconds=60)]
    assert attempts(moments)[-2:] == [False, True]


def test_slow_attempts_are_not_locked() -> None:
    assert all(attempts([timedelta(seconds=20 * number) for number in range(60)]))


def test_each_lock_is_twice_as_long_up_to_fifteen_minutes() -> None:
    assert [lock_length(locks) / timedelta(minutes=1) for locks in range(6)] == [1, 2, 4, 8, 15, 15]
    assert lock_length(10_000) == LONGEST_DELAY


def test_locks_are_forgotten_after_a_quiet_hour() -> None:
    tally = Tally(START, attempts=5, locks=4, locked_until=START + timedelta(minutes=15))
    counted, allowed = count_attempt(tally, START + timedelta(hours=1))
    assert (allowed, counted.locks) == (True, 0)


@given(st.lists(st.integers(0, 4000), max_size=80))
def test_nobody_is_ever_locked_out_for_more_than_fifteen_minutes(gaps: list[int]) -> None:
    tally, now = Tally(START), START
    for gap in gaps:
        now += timedelta(seconds=gap)
        tally, _ = count_attempt(tally, now)
        assert tally.locked_until is None or tally.locked_until - now <= LONGEST_DELAY
    assert count_attempt(tally, now + LONGEST_DELAY)[1]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80))
def test_at_most_five_attempts_are_looked_at_in_any_minute_after_the_first_lock(gaps: list[int]) -> None:
    tally, now, looked_at = Tally(START), START, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        tally, allowed = count_attempt(tally, now)
        looked_at += [now] * allowed
    for first in looked_at:
        inside = [moment for moment in looked_at if first <= moment < first + timedelta(seconds=60)]
        assert len(inside) <= 2 * 5 - 1


def test_the_whole_service_looks_at_a_limited_number_in_a_minute() -> None:
    tally, results = Tally(START), []
    for _ in range(SERVICE_ATTEMPTS_PER_WINDOW + 10):
        tally, allowed = count_service_attempt(tally, START)
        results.append(allowed)
    assert sum(results) == SERVICE_ATTEMPTS_PER_WINDOW
    assert count_service_attempt(tally, START + timedelta(seconds=60))[1]
