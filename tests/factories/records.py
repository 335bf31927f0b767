"""Cases that closed long ago, and holds, through the real services."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import add_note, move, send_message
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldGround, Subject
from mystery_shopper.holds.services import place
from tests.factories.evidence import add_evidence
from tests.factories.publications import as_staff
from tests.factories.reports import Filed, add_report

S = CaseState
LONG_AGO = datetime(2022, 3, 31, 9, tzinfo=UTC)
ROAD_OUT = (S.ACKNOWLEDGED, S.TRIAGE, S.OUT_OF_SCOPE, S.CLOSED)


def add_closed_case(*, by_id: UUID, closed_at: datetime = LONG_AGO, **overrides: Any) -> Filed:
    """File a report with a file, a note and a message, and close its case on the same day."""
    with clock.frozen(closed_at):
        filed = add_report(**overrides)
        add_evidence(filed.report_id)
        case = get_case_for_update(filed.case_id)
        report = db.session.get_one(Report, filed.report_id)
        staff = as_staff(by_id, Role.SENIOR_CASEWORKER)
        add_note(case, "A note of ours", author=staff, submission_id=uuid4(), now=closed_at)
        send_message(case, report, "A message of ours", sender=staff, submission_id=uuid4(), now=closed_at)
        for step in ROAD_OUT:
            move(case, step, actor=staff.actor, now=closed_at)
    return filed


def add_hold(subject: Subject, *, by_id: UUID, now: datetime | None = None, review_on: date | None = None) -> LegalHold:
    """Place a hold for litigation, to be reviewed in a month."""
    moment = now or clock.utc_now()
    return place(
        subject,
        HoldGround.LITIGATION,
        reason="A letter before claim came",
        review_on=review_on or (moment + timedelta(days=30)).date(),
        submission_id=uuid4(),
        by_id=by_id,
        now=moment,
    )
