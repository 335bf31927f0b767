"""Reads of records: what is due, what holds keep, batches and what is in them."""

from mystery_shopper.retention.queries.batches import (
    count_items,
    find_approved,
    find_waiting,
    get_batch,
    list_batches,
    list_items,
)
from mystery_shopper.retention.queries.due import BATCH_MAX, Due, due_of, first_due, is_due, list_due, preview
from mystery_shopper.retention.queries.held import authorities_hidden_from, holds_on, references_of
from mystery_shopper.retention.queries.records import Line, Records
from mystery_shopper.retention.queries.registry import RECORDS
from mystery_shopper.retention.queries.reviewing import ItemView, count_unseen, records_of, show_items

__all__ = [
    "BATCH_MAX",
    "RECORDS",
    "Due",
    "ItemView",
    "Line",
    "Records",
    "authorities_hidden_from",
    "count_items",
    "count_unseen",
    "due_of",
    "find_approved",
    "find_waiting",
    "first_due",
    "get_batch",
    "holds_on",
    "is_due",
    "list_batches",
    "list_due",
    "list_items",
    "preview",
    "records_of",
    "references_of",
    "show_items",
]
