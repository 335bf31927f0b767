"""When a message is tried again, and when it is given up."""

from datetime import timedelta

MAX_TRIES = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after `tries` failed tries, None when the message is given up (about two days on)."""
    if tries >= MAX_TRIES:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** max(tries - 1, 0)
    return min(doubled, LONGEST_WAIT)
