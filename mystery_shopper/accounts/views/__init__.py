"""Pages for signing in, for proving it again, for one's own account and for administering accounts."""

from mystery_shopper.accounts.views import (
    administering,
    confirming,
    joining,
    own_account,
    own_factors,
    signing_in,
    signing_on,
)
from mystery_shopper.accounts.views.blueprint import bp

__all__ = ["administering", "bp", "confirming", "joining", "own_account", "own_factors", "signing_in", "signing_on"]
