"""What came of a case some months after it was closed."""

from enum import StrEnum


class Practice(StrEnum):
    """What came of a case some months after it was closed."""

    CHANGED = "changed"
    NOT_CHANGED = "not-changed"
    NO_ANSWER = "no-answer"


PRACTICE_LABELS = {
    Practice.CHANGED: "Yes, the practice changed",
    Practice.NOT_CHANGED: "No, it did not change",
    Practice.NO_ANSWER: "The authority did not answer",
}
