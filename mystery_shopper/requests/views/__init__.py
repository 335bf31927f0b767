"""Pages of the registers of requests: importing this puts the routes on the blueprint."""

from mystery_shopper.requests.views import answering, clock_steps, register
from mystery_shopper.requests.views.blueprints import bp

__all__ = ["answering", "bp", "clock_steps", "register"]
