"""How long a proof of identity and a one-time link are good for: data/periods.csv."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from mystery_shopper.core.tables import check_complete, keyed_rows, read_table, whole_above_zero

TABLE = "accounts/data/periods.csv"


class Period(StrEnum):
    """A length of time that policy sets."""

    STEP_UP = "step-up"
    INVITATION = "invitation"
    RENEWAL = "renewal"


@lru_cache(maxsize=1)
def periods() -> Mapping[Period, timedelta]:
    """Return every period.

    Raises:
        ConfigurationError: a line cannot be read, or one is missing.
    """
    found = keyed_rows(
        read_table(TABLE),
        TABLE,
        lambda row: (Period(row["name"]), timedelta(minutes=whole_above_zero(row["minutes"]))),
    )
    check_complete(found, Period, TABLE)
    return found


def step_up_age() -> timedelta:
    """Return how old a proof of identity may be for a page that asks for a fresh one."""
    return periods()[Period.STEP_UP]
