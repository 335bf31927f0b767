"""How many times something may be tried. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
ATTEMPTS_PER_WINDOW = 5
FIRST_DELAY = timedelta(seconds=60)
LONGEST_DELAY = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=1)
SERVICE_ATTEMPTS_PER_WINDOW = 120


@dataclass(frozen=True)
class Tally:
    """What is known of the attempts on one account.

    `attempts` were made since `window_started_at`; `locks` says how often the account was locked lately.
    """

    window_started_at: datetime
    attempts: int = 0
    locks: int = 0
    locked_until: datetime | None = None


def count_attempt(tally: Tally, now: datetime) -> tuple[Tally, bool]:
    """Count one attempt on an account and tell whether it may be looked at.

    The fifth attempt within 60 seconds is the last for one minute; each further lock lasts twice as long, up to
    15 minutes. An attempt during a lock is not looked at and does not make it longer, so no stranger can shut a person
    out for good. After an hour without attempts the locks are forgotten.
    """
    if tally.locked_until is not None and now < tally.locked_until:
        return tally, False
    locks = 0 if now - tally.window_started_at >= FORGIVEN_AFTER else tally.locks
    fresh = tally.locked_until is not None or now - tally.window_started_at >= WINDOW
    attempts = 1 if fresh else tally.attempts + 1
    started = now if fresh else tally.window_started_at
    counted = Tally(window_started_at=started, attempts=attempts, locks=locks)
    if attempts >= ATTEMPTS_PER_WINDOW:
        counted = replace(counted, locks=locks + 1, locked_until=now + lock_length(locks))
    return counted, True


def lock_length(locks: int) -> timedelta:
    """Return how long the next lock lasts after `locks` earlier ones."""
    return min(FIRST_DELAY * (1 << min(locks, 10)), LONGEST_DELAY)


def count_service_attempt(tally: Tally, now: datetime) -> tuple[Tally, bool]:
    """Count one attempt on the whole service and tell whether it may be looked at: 120 in each minute."""
    fresh = now - tally.window_started_at >= WINDOW
    attempts = 1 if fresh else min(tally.attempts, SERVICE_ATTEMPTS_PER_WINDOW) + 1
    started = now if fresh else tally.window_started_at
    return Tally(window_started_at=started, attempts=attempts), attempts <= SERVICE_ATTEMPTS_PER_WINDOW
