"""Pages for signing in, for proving it again, for one's own account and for administering accounts."""

from mystery_shopper.accounts.views import administering, confirming, joining, own_account, signing_in
from mystery_shopper.accounts.views.blueprint import bp

__all__ = ["administering", "bp", "confirming", "joining", "own_account", "signing_in"]
