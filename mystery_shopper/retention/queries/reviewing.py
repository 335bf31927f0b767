"""What is in a batch as one reviewer may see it."""

from dataclasses import dataclass

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.retention.models import RetentionBatch
from mystery_shopper.retention.policy import schedule
from mystery_shopper.retention.queries.batches import list_items
from mystery_shopper.retention.queries.records import Line, Records
from mystery_shopper.retention.queries.registry import RECORDS
from mystery_shopper.retention.states import ItemState


@dataclass(frozen=True)
class ItemView:
    """One record of a batch, and what became of it."""

    record: Line
    state: ItemState


def records_of(batch: RetentionBatch) -> Records:
    """Return what the records of a batch are."""
    return RECORDS[schedule().classes[batch.class_id].record_type]


def show_items(batch: RetentionBatch, user: StaffMember) -> list[ItemView]:
    """Return what is in a batch as a person may see it, in the order in which it was taken in."""
    states = {item.record_id: item.state for item in list_items(batch)}
    return [ItemView(line, states[line.id]) for line in records_of(batch).show(states, user)]


def count_unseen(batch: RetentionBatch, user: StaffMember) -> int:
    """Return how many records a batch would destroy that this person may not see."""
    return records_of(batch).count_unseen([item.record_id for item in list_items(batch)], user)
