"""What the worker does about interests once a day."""

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.interests.services import let_lapse


def lapse_round() -> None:
    """Take away the blocks of interests whose time is over. Safe to repeat."""
    with transaction():
        let_lapse(clock.today())
