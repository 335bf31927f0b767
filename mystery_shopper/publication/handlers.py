"""What publication does when a case changes."""

from mystery_shopper.cases.events import StateChanged
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.publication import services
from mystery_shopper.publication.queries import find_result_of

_NEVER_PUBLIC = frozenset({CaseState.WITHDRAWN, CaseState.WITHHELD})


def register() -> None:
    """Listen to the events of a case."""
    subscribe(StateChanged, on_state_changed)


def on_state_changed(event: StateChanged, occasion: Occasion) -> None:
    """Stop work on the text of a case that will not be public; let no case be called published without a result.

    Nothing of a report that was taken back stays public.

    Raises:
        DomainError: somebody tries to set the state by hand.
    """
    case: Case = occasion.subject
    new = CaseState(event.new)
    if new in _NEVER_PUBLIC:
        services.drop_open_version(case, actor=occasion.actor, now=occasion.now)
    if new is CaseState.WITHDRAWN:
        services.take_back_result(case, actor=occasion.actor, now=occasion.now)
    if new is CaseState.PUBLISHED and find_result_of(case) is None:
        raise DomainError("Publish the result from its own page: a second person must approve the text first.")
