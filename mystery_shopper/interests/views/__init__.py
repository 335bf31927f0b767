"""Pages of interests: the door of a case, the register, access in an emergency."""

from mystery_shopper.interests.views import door, emergency, register
from mystery_shopper.interests.views.blueprints import bp

__all__ = ["bp", "door", "emergency", "register"]
