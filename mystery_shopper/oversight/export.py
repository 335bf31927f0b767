"""The log as CSV: what a spreadsheet needs, cells that start no formula."""

from collections.abc import Sequence

from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.oversight.queries import EntryView

EXPORT_LIMIT = 20_000
COLUMNS = ("Number", "When (UTC)", "Who", "Actor", "Action", "On", "Subject", "Subject id", "Outcome")


def entries_csv(entries: Sequence[EntryView]) -> str:
    """Return entries as CSV text; times are ISO 8601."""
    return csv_text(COLUMNS, (_cells(entry) for entry in entries))


def _cells(entry: EntryView) -> list[str]:
    when = entry.at.isoformat(timespec="seconds")
    found = [str(entry.seq), when, entry.who, entry.actor, entry.action, entry.what]
    return [*found, entry.subject, entry.subject_id, entry.outcome]
