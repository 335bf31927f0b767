"""What can be in a batch, and the life of a batch and of what is in it."""

from enum import StrEnum


class RecordType(StrEnum):
    """What kind of record an item of a batch names. Values are stored and never renamed."""

    CASE = "case"
    SUGGESTION = "suggestion"
    REQUEST = "request"
    ACCOUNT = "account"


class BatchState(StrEnum):
    """Where a batch stands. Values are stored and never renamed."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """What became of one record of a batch. `held` and `not-due`: left as it was."""

    WAITING = "waiting"
    ERASED = "erased"
    HELD = "held"
    NOT_DUE = "not-due"


OPEN = frozenset({BatchState.PROPOSED, BatchState.APPROVED})
"""States in which a batch has its records to itself."""

STATE_LABELS = {
    BatchState.PROPOSED: "Waiting for a second reviewer",
    BatchState.APPROVED: "Approved, being destroyed",
    BatchState.DONE: "Destroyed",
    BatchState.CANCELLED: "Cancelled",
}
ITEM_LABELS = {
    ItemState.WAITING: "Waiting",
    ItemState.ERASED: "Destroyed",
    ItemState.HELD: "Kept: on hold",
    ItemState.NOT_DUE: "Kept: no longer due",
}
