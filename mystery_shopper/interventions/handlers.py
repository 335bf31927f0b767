"""Reactions: a case that is closed with a finding is looked at again."""

from mystery_shopper.cases.events import StateChanged
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.interventions.services.following import plan_follow_up


def register() -> None:
    """Listen to the events of a case."""
    subscribe(StateChanged, on_state_changed)


def on_state_changed(event: StateChanged, occasion: Occasion) -> None:
    """Plan to look again when a case is closed."""
    if event.new == CaseState.CLOSED:
        plan_follow_up(occasion.subject, actor=occasion.actor, now=occasion.now)
