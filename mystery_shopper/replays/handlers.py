"""Reactions of replays: whenever the rules were applied to a case, its facts are kept in one piece for the next one."""

from mystery_shopper.cases.events import FlagsEvaluated
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.replays import services


def register() -> None:
    """Listen to the events of a case."""
    subscribe(FlagsEvaluated, on_flags_evaluated)


def on_flags_evaluated(event: FlagsEvaluated, occasion: Occasion) -> None:
    """Keep the facts the flags rest on, and by which catalogue they were judged."""
    services.keep_snapshot(occasion.subject, event.catalogue_version)
