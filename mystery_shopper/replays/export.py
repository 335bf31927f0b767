"""Replays as CSV files: what changes on which case, and the counts by rule."""

from collections.abc import Iterable

from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.replays.models import ReplayChange
from mystery_shopper.replays.queries import RuleTally
from mystery_shopper.replays.states import CHANGE_LABELS, Change

CASE_COLUMNS = (
    "Case",
    "Rule",
    "Change",
    "Decided by a person, kept",
    "Outcome before",
    "Severity before",
    "Outcome after",
    "Severity after",
)
COUNT_COLUMNS = ("Rule", *(CHANGE_LABELS[change] for change in Change), "Of these decided by a person, kept")


def changes_csv(changes: Iterable[ReplayChange]) -> str:
    """Return the changes, one line for each case and rule; an outcome is empty where there is no flag."""
    return csv_text(CASE_COLUMNS, (_cells(row) for row in changes))


def _cells(row: ReplayChange) -> list[str]:
    return [
        row.case.reference,
        row.rule_id,
        CHANGE_LABELS[row.change],
        "yes" if row.is_kept else "no",
        row.old_outcome or "",
        "" if row.old_severity is None else str(row.old_severity),
        row.new_outcome or "",
        "" if row.new_severity is None else str(row.new_severity),
    ]


def counts_csv(tallies: Iterable[RuleTally]) -> str:
    """Return the counts by rule over every open case."""
    rows = ([one.rule_id, *(str(one.counts[change]) for change in Change), str(one.kept)] for one in tallies)
    return csv_text(COUNT_COLUMNS, rows)
