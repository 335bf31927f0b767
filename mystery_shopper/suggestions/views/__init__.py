"""Pages of Tell us How: the commissioner's, the receipt, and the policy owner's."""

from mystery_shopper.suggestions.views import receipt, staff, telling
from mystery_shopper.suggestions.views.blueprints import bp

__all__ = ["bp", "receipt", "staff", "telling"]
