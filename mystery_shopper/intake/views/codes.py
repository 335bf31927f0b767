"""Receipt codes as people type them, and what they open in this browser."""

from flask import session

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.cases.models import Report
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.errors import DomainError
from mystery_shopper.intake import forms, queries, services
from mystery_shopper.intake.queries import Found

NO_SUCH_CODE = "Check the code: we cannot find a report or a saved draft with it"
RECEIPT = "receipt_report"
UNREAD = "receipt_unread"
OPENED = "receipt_opened"
KEPT = "receipt_kept"


def find_typed(form: forms.CodeForm) -> Found | None:
    """Return what the typed code opens; nothing, and an error on the form, when it opens nothing."""
    try:
        code = receipts.parse(form.code.data or "")
    except DomainError as error:
        form.add_error(error)
        return None
    found = queries.find_by_code(receipts.digest(code), clock.today())
    if found.draft is None and found.report is None:
        form.add_error(NO_SUCH_CODE, "code")
        return None
    return found


def enter_receipt(report: Report) -> None:
    """Open a report's receipt in this browser, under a new session token."""
    session[UNREAD] = services.open_receipt(report, now=clock.reporter_now())
    session[RECEIPT] = str(report.id)
    session[OPENED] = clock.utc_now().isoformat()
    current_session().renew()
