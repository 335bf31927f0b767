"""The filtered list as CSV: what a spreadsheet needs, never who reported."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.series import series_reference
from mystery_shopper.cases.states import state_label
from mystery_shopper.casework.policy import Column
from mystery_shopper.core.csvsafe import csv_line

BATCH = 500
"""Cases read at once while a file is written."""


@dataclass(frozen=True)
class Line:
    """A case with what stands in other tables: rules raised on it, and its labels by name."""

    case: Case
    rules: Sequence[str] = ()
    labels: Sequence[str] = ()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_CELLS: Sequence[tuple[str, Column | None, Callable[[Line], str]]] = (
    ("Reference", None, lambda line: line.case.reference),
    ("Public reference", None, lambda line: line.case.public_reference),
    ("File reference", None, lambda line: series_reference(line.case.reference, line.case.received_on)),
    ("Title", None, lambda line: line.case.title),
    ("Authority", None, lambda line: line.case.authority_name),
    ("Owner", None, lambda line: line.case.owner.name if line.case.owner else ""),
    ("Flags raised", Column.FLAGS, lambda line: " ".join(line.rules)),
    ("Due", Column.DUE, lambda line: _day(line.case.due_on)),
    ("Due kind", Column.DUE, lambda line: line.case.due_kind or ""),
    ("State", Column.STATE, lambda line: state_label(line.case.state)),
    ("Closed", Column.STATE, lambda line: _day(line.case.closed_on)),
    ("Labels", Column.LABELS, lambda line: "; ".join(line.labels)),
    ("Priority", Column.PRIORITY, lambda line: line.case.priority.value),
    ("Waiting for", Column.WAITING, lambda line: line.case.waiting.value),
    ("Queue", Column.QUEUE, lambda line: line.case.queue),
    ("Scope", Column.QUEUE, lambda line: line.case.scope),
    ("Received", Column.RECEIVED, lambda line: _day(line.case.received_on)),
    ("Tender closes", Column.TENDER, lambda line: _day(line.case.tender_closes_on)),
    ("Target", Column.TARGET, lambda line: _day(line.case.target_on)),
    ("Regime", Column.REGIME, lambda line: line.case.regime or ""),
)
"""Heading, the column of the list it belongs to (None: always in the file), and what stands there."""

Batch = tuple[Sequence[Case], Mapping[UUID, Sequence[str]], Mapping[UUID, Sequence[str]]]
"""Some cases, with the rules raised on each and the names of its labels."""


def cases_csv(batches: Iterable[Batch], columns: Sequence[Column]) -> Iterator[str]:
    """Yield the list as CSV, a batch at a time.

    Dates are ISO 8601, flags are rule ids separated by spaces, labels names separated by semicolons.
    """
    cells = [(heading, read) for heading, column, read in _CELLS if column is None or column in columns]
    yield csv_line(heading for heading, _ in cells)
    for cases, rules, labels in batches:
        lines = (Line(case, rules.get(case.id, ()), labels.get(case.id, ())) for case in cases)
        yield "".join(csv_line(read(line) for _, read in cells) for line in lines)
