"""What the worker does about clocks once a day: one case, one transaction, so that one bad case stops no other."""

import logging

from mystery_shopper.clocks.services import escalate, list_overdue
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import DomainError

logger = logging.getLogger(__name__)


def escalation_round() -> int:
    """Put before a senior what is overdue by rule; return how many cases. Safe to repeat."""
    with transaction():
        overdue = list_overdue(clock.today())
    done = 0
    for case_id in overdue:
        try:
            with transaction():
                done += escalate(case_id, now=clock.utc_now())
        except DomainError as error:
            logger.warning("A case was not put before a senior: %s", type(error).__name__)
    return done
