"""Pages that join, take apart, split and link cases, and those of repeat patterns."""

from mystery_shopper.similarity.views import joining, patterns, relating
from mystery_shopper.similarity.views.blueprints import bp

__all__ = ["bp", "joining", "patterns", "relating"]
