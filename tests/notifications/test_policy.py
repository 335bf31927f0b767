import itertools
from datetime import timedelta

from mystery_shopper.notifications.policy import FIRST_WAIT, LONGEST_WAIT, MAX_TRIES, wait_after


def test_each_wait_is_longer_until_the_longest() -> None:
    waits = [wait_after(tries) for tries in range(1, MAX_TRIES)]
    assert waits[0] == FIRST_WAIT
    assert waits[-1] == LONGEST_WAIT
    assert all(early <= late for early, late in itertools.pairwise(waits))


def test_a_letter_is_given_up_only_after_more_than_half_a_day() -> None:
    waits = [wait_after(tries) for tries in range(1, MAX_TRIES)]
    assert sum(waits, timedelta()) > timedelta(hours=12)
    assert wait_after(MAX_TRIES) is None
