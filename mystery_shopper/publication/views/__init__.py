"""Pages of publication: the staff side (`bp`) and the public results (`results_bp`)."""

from mystery_shopper.publication.views import deciding, queue, results, writing
from mystery_shopper.publication.views.blueprints import bp, results_bp

__all__ = ["bp", "deciding", "queue", "results", "results_bp", "writing"]
