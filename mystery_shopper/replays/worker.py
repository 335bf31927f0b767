"""The share of the worker in re-triage: a slice of the replay that has waited longest, then what was left behind."""

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.replays import services
from mystery_shopper.replays.queries import find_work


def replay_round() -> bool:
    """Do one slice in a transaction of its own; tell whether there was anything to do."""
    now = clock.utc_now()
    with transaction():
        replay_id = find_work()
        if replay_id is not None:
            services.work_on(replay_id, now=now)
            return True
        return services.sweep(now=now) > 0
