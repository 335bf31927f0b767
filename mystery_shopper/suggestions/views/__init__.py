"""Pages of Tell us How: the commissioner's, the receipt, the policy owner's, the approver's, and the public ones."""

from mystery_shopper.suggestions.views import public, receipt, staff, steps, telling, texts, themes
from mystery_shopper.suggestions.views.blueprints import bp

__all__ = ["bp", "public", "receipt", "staff", "steps", "telling", "texts", "themes"]
