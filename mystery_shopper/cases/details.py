"""What a short report left open and its reporter tells us later, through the receipt."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.models import Case, Report, ReporterKind
from mystery_shopper.cases.services.indexing import refresh_index
from mystery_shopper.cases.services.moving import correct_title
from mystery_shopper.cases.services.opening import UNTITLED
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.walls import KnownEvent, events_known_to, shares_case
from mystery_shopper.core.db import db
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import seal

REASON = "told by the reporter through the receipt"


@dataclass(frozen=True, kw_only=True)
class DetailsGiven(CaseEvent):
    """A reporter told us what their short report had left open. `what` are words for staff."""

    tag: ClassVar[str] = "details:given"
    report_id: str
    what: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        return f"The reporter told us more: {', '.join(self.what) or 'nothing'}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("You told us more about what happened.")


@dataclass(frozen=True, kw_only=True)
class NewDetails:
    """What a case can take over from such an answer. Empty means not answered."""

    reporter_kind: ReporterKind | None = None
    procurement_title: str = ""
    authority_text: str = ""


def is_missing_details(report: Report) -> bool:
    """Tell whether a report was short and its reporter has not told us the rest yet."""
    if not report.content.is_short:
        return False
    return not any(known.row.tag == DetailsGiven.tag and _is_of(report, known) for known in events_known_to(report))


def _is_of(report: Report, known: KnownEvent) -> bool:
    event = known.row.to_event(known.case.data_key)
    return isinstance(event, DetailsGiven) and event.report_id == str(report.id)


def take_details(
    case: Case, report: Report, details: NewDetails, what: tuple[str, ...], *, actor: str = REPORTER, now: datetime
) -> None:
    """Take over what a case has no better answer to; what staff or another reporter said of it stays."""
    if details.reporter_kind is not None and report.reporter_kind is ReporterKind.NOT_SAID:
        report.reporter_kind = details.reporter_kind
    is_unnamed = case.authority_id is None and case.authority_text_sealed is None
    if details.authority_text and is_unnamed and not shares_case(report):
        case.authority_text_sealed = seal(case.data_key, details.authority_text, f"cases.authority_text:{case.id}")
        db.session.flush()
        refresh_index(case)
    if details.procurement_title and case.title == UNTITLED:
        correct_title(case, details.procurement_title, reason=REASON, actor=actor, now=now)
        refresh_index(case)
    record(case, DetailsGiven(report_id=str(report.id), what=what), actor=actor, now=now)
