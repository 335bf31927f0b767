"""What a reporter can take back: the report itself, or the consent to publish its result."""

from datetime import datetime

from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import lock_case_of
from mystery_shopper.cases.services.joining import split_report
from mystery_shopper.cases.services.moving import move
from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.cases.walls import shares_case
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import TransitionNotAllowedError
from mystery_shopper.core.events import REPORTER


def withdraw(report: Report, *, actor: str = REPORTER, now: datetime) -> None:
    """Take a report back: its case goes to withdrawn and nothing is published. Asked twice, it is done once.

    Where others reported the same, it gets a case of its own first: theirs goes on, and neither side hears of it.

    Raises:
        TransitionNotAllowedError: the result is already public, or the case is closed.
    """
    case = lock_case_of(report)
    db.session.refresh(report)
    if report.withdrawn_on is not None:
        return
    if shares_case(report):
        if not can_move(case.state, CaseState.WITHDRAWN):
            raise TransitionNotAllowedError(
                reference=case.reference, from_state=case.state, to_state=CaseState.WITHDRAWN
            )
        case = split_report(case, report, version=None, reason="withdrawn by its reporter", actor=actor, now=now)
    move(case, CaseState.WITHDRAWN, actor=actor, now=now, reason="")
    report.withdrawn_on = day_of(now)
    db.session.flush()


def object_to_publication(report: Report) -> None:
    """Record that the reporter does not want the result published; publication must deal with it first."""
    report.objects_to_publication = True
    db.session.flush()
