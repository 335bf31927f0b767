"""Pages of letters: writing, deciding, sending, and what is ready to go."""

from mystery_shopper.letters.views import deciding, ready, sending, writing
from mystery_shopper.letters.views.blueprint import bp

__all__ = ["bp", "deciding", "ready", "sending", "writing"]
