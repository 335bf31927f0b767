"""The filtered list as CSV: what a spreadsheet needs, never who reported."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.series import series_reference
from mystery_shopper.cases.states import state_label
from mystery_shopper.core.csvsafe import csv_text

EXPORT_LIMIT = 5000
COLUMNS = (
    "Reference",
    "Public reference",
    "File reference",
    "Title",
    "Authority",
    "State",
    "Waiting for",
    "Queue",
    "Priority",
    "Scope",
    "Regime",
    "Owner",
    "Received",
    "Due",
    "Due kind",
    "Target",
    "Tender closes",
    "Closed",
    "Flags raised",
)


def cases_csv(cases: Sequence[Case], raised: Mapping[UUID, Sequence[str]]) -> str:
    """Return the list as CSV text; dates are ISO 8601, flags are rule ids separated by spaces."""
    return csv_text(COLUMNS, (_cells(case, raised.get(case.id, ())) for case in cases))


def _cells(case: Case, rules: Sequence[str]) -> list[str]:
    return [
        case.reference,
        case.public_reference,
        series_reference(case.reference, case.received_on),
        case.title,
        case.authority_name,
        state_label(case.state),
        case.waiting.value,
        case.queue,
        case.priority.value,
        case.scope,
        case.regime or "",
        case.owner.name if case.owner else "",
        _day(case.received_on),
        _day(case.due_on),
        case.due_kind or "",
        _day(case.target_on),
        _day(case.tender_closes_on),
        _day(case.closed_on),
        " ".join(rules),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
