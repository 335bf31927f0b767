"""How a task stands, and the colours a label can have."""

from collections.abc import Mapping
from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


TASK_WORDS: Mapping[TaskState, tuple[str, str]] = {
    TaskState.OPEN: ("To do", "blue"),
    TaskState.DONE: ("Done", "green"),
    TaskState.CANCELLED: ("Cancelled", "grey"),
}
"""Each state in words, and the colour of its tag."""
NEXT_STATES: Mapping[TaskState, tuple[TaskState, ...]] = {
    TaskState.OPEN: (TaskState.DONE, TaskState.CANCELLED),
    TaskState.DONE: (TaskState.OPEN,),
    TaskState.CANCELLED: (TaskState.OPEN,),
}


class Colour(StrEnum):
    """The colours of GOV.UK tags."""

    GREY = "grey"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"
    MAGENTA = "magenta"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
