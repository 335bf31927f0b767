"""Pages of Tell us How: the commissioner's, the receipt, the policy owner's, the approver's, and the public ones."""

from mystery_shopper.suggestions.views import leaving, public, receipt, staff, steps, telling, texts, themes
from mystery_shopper.suggestions.views.blueprints import bp

__all__ = ["bp", "leaving", "public", "receipt", "staff", "steps", "telling", "texts", "themes"]
