"""What allocation tells the page that closes an account: how many open cases the person owns."""

from mystery_shopper.accounts.closing import add_holding
from mystery_shopper.allocation.queries import count_open_cases


def register() -> None:
    """Count the open cases of somebody whose account is to be closed."""
    add_holding("cases", "open case", "open cases", count_open_cases)
