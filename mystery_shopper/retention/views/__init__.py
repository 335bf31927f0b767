"""Pages of records: importing this puts the routes on the blueprint."""

from mystery_shopper.retention.views import batches, holds
from mystery_shopper.retention.views.blueprints import bp

__all__ = ["batches", "bp", "holds"]
