"""What clocks hear of: a deadline for tenders that was stated anew, by whomever, moves the clock of the tender."""

from datetime import date

from mystery_shopper.cases.events import FactsAdded
from mystery_shopper.cases.queries import list_facts
from mystery_shopper.cases.services import move_tender
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.facts.policy import from_json
from mystery_shopper.facts.registry import registry

DEADLINE = "deadline_date"
WHY = "the deadline was stated anew"


def register() -> None:
    """Listen to the events of a case."""
    subscribe(FactsAdded, on_facts_added)


def on_facts_added(event: FactsAdded, occasion: Occasion) -> None:
    """Follow the deadline that is in force now. What was stated behind it changes nothing."""
    if DEADLINE not in event.fact_ids:
        return
    case = occasion.subject
    row = next((fact for fact in list_facts(case) if fact.fact_id == DEADLINE), None)
    closes_on = from_json(registry()[DEADLINE], row.value_json(case.data_key)) if row is not None else None
    if isinstance(closes_on, date):
        move_tender(case, closes_on, why=WHY, actor=occasion.actor, now=occasion.now)
