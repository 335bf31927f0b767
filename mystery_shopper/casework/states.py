"""What can be done to several cases at once, and how it ended for each of them."""

from enum import StrEnum


class BulkKind(StrEnum):
    """What is done to several cases at once."""

    ASSIGN = "assign"
    LABEL = "label"
    UNLABEL = "unlabel"
    TASK = "task"


class BulkEnd(StrEnum):
    """How it ended for one case. `KEPT`: it was done, and could not be undone."""

    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept"
