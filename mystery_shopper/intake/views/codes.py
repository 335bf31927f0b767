"""Receipt codes as people type them, and what they open in this browser."""

from flask import request, session
from werkzeug.datastructures import MultiDict

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.cases.models import Report
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import note_code
from mystery_shopper.intake import forms, queries, services
from mystery_shopper.intake.queries import Found

NO_SUCH_CODE = _("Check the code: we cannot find a report or a saved draft with it")
RECEIPT = "receipt_report"
UNREAD = "receipt_unread"
OPENED = "receipt_opened"
KEPT = "receipt_kept"


PAGES = {
    "send_message": "receipt.show_case",
    "confirm_findings": "receipt.confirm_findings",
    "answer_questions": "receipt.answer_questions",
    "give_details": "receipt.give_details",
    "follow_up": "receipt.follow_up",
}
"""The pages of the receipt on which people write, by the view they are sent to, and where each is drawn."""


def keep_for_later(page: str, fields: list[tuple[str, str]]) -> None:
    """Put away what was typed on a page of the receipt before the code had to be asked for again."""
    if fields and page in PAGES:
        session[KEPT] = {"page": page, "fields": fields}


def put_away(page: str) -> dict[str, MultiDict[str, str]]:
    """Return the options that make a form of what was put away for its page; none when it is sent, or nothing was."""
    kept = session.get(KEPT) or {}
    if request.method == "POST" or kept.get("page") != page:
        return {}
    return {"formdata": MultiDict([(name, value) for name, value in kept["fields"]])}


def forget_kept() -> None:
    """What was put away has been sent."""
    session.pop(KEPT, None)


def onward() -> str:
    """Return the page on which something was put away; the report when nothing was."""
    return PAGES.get((session.get(KEPT) or {}).get("page", ""), "receipt.show_case")


def find_typed(form: forms.CodeForm) -> Found | None:
    """Return what the typed code opens; nothing, and an error on the form, when it opens nothing."""
    try:
        code = receipts.parse(form.code.data or "")
    except DomainError as error:
        form.add_error(error)
        return None
    found = queries.find_by_code(receipts.digest(code), clock.today())
    is_right = found.draft is not None or found.report is not None
    note_code(is_right)
    if not is_right:
        form.add_error(NO_SUCH_CODE, "code")
        return None
    return found


def enter_receipt(report: Report) -> None:
    """Open a report's receipt in this browser, under a new session token."""
    session[UNREAD] = services.open_receipt(report, now=clock.reporter_now())
    session[RECEIPT] = str(report.id)
    session[OPENED] = clock.utc_now().isoformat()
    current_session().renew()
