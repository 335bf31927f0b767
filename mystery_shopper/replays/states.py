"""The life of a replay: compared first, then put in force or thrown away."""

from enum import StrEnum


class ReplayState(StrEnum):
    """Where a replay stands. Values are stored and never renamed."""

    COMPARING = "comparing"
    COMPARED = "compared"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


RUNNING = frozenset({ReplayState.COMPARING, ReplayState.APPLYING})
"""States in which work is left to do."""

STATE_LABELS = {
    ReplayState.COMPARING: "Being compared",
    ReplayState.COMPARED: "Compared, not in force",
    ReplayState.APPLYING: "In force, cases being judged again",
    ReplayState.APPLIED: "Applied",
    ReplayState.DISCARDED: "Discarded",
}


class Origin(StrEnum):
    """What a version of the catalogue came from: a figure that was set, a whole pack, or a new release."""

    FIGURE = "figure"
    PACK = "pack"
    RELEASE = "release"


class Phase(StrEnum):
    """Whether a change was seen when the catalogues were compared, or when the new one was applied."""

    COMPARED = "compared"
    APPLIED = "applied"


class Change(StrEnum):
    """What happens to the flag of one rule on one case. `other` changes no raised flag: undecided becomes cleared."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    RISES = "rises"
    FALLS = "falls"
    OTHER = "other"


CHANGE_LABELS = {
    Change.APPEARS: "Appears",
    Change.VANISHES: "Vanishes",
    Change.RISES: "More severe",
    Change.FALLS: "Less severe",
    Change.OTHER: "Other answer, no flag",
}
