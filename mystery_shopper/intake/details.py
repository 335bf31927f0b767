"""The questions the short form does not ask, asked through the receipt: one page, every answer optional."""

from datetime import datetime
from uuid import UUID

from mystery_shopper.cases.details import NewDetails, is_missing_details, take_details
from mystery_shopper.cases.models import FactSource, Report, ReporterKind
from mystery_shopper.cases.queries import get_case_of, lock_case_of
from mystery_shopper.cases.services import NewFact, add_facts, receive_message
from mystery_shopper.core import receipts
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import ENGLISH, speaking
from mystery_shopper.intake.answers import MUTUALS
from mystery_shopper.intake.forms import DetailsForm
from mystery_shopper.intake.queries import families

MUTUAL_FACT = "reporter_is_mutual"


def can_give_details(report: Report) -> bool:
    """Tell whether the questions of the longer form are still open for this report."""
    is_open = get_case_of(report).closed_on is None and report.withdrawn_on is None
    return is_open and is_missing_details(report)


def give_details(report: Report, form: DetailsForm, *, submission_id: UUID, now: datetime) -> int:
    """Take the answers; return how many there were.

    What the case has a place for goes there; all of it stands in the messages, in the reporter's words.

    Raises:
        DomainError: a text holds the receipt code.
    """
    with speaking(ENGLISH):
        lines = form.offer(families()).in_words()
    form.offer(families())
    if not lines:
        return 0
    for name in form.TEXTS:
        receipts.refuse_own_code(form[name].data, report.receipt_mac, field=name)
    case = lock_case_of(report)
    body = "\n\n".join(f"{label}\n{answer}" for label, answer in lines)
    receive_message(case, report, body, submission_id=submission_id, now=now)
    kind = ReporterKind(form.reporter_kind.data) if form.reporter_kind.data else None
    details = NewDetails(
        reporter_kind=kind,
        procurement_title=form.procurement_title.data,
        authority_text=form.authority_text.data,
    )
    take_details(case, report, details, tuple(label for label, _ in lines), now=now)
    if kind is not None:
        fact = NewFact(fact_id=MUTUAL_FACT, value=kind in MUTUALS, source=FactSource.TYPED, is_confirmed=True)
        add_facts(case, [fact], report_id=report.id, actor=REPORTER, now=now)
    return len(lines)
