"""Staff key in a report that came by phone, letter or email: the same report, with who keyed it and when it came."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases import services as cases
from mystery_shopper.cases.models import Channel, Report
from mystery_shopper.cases.queries import find_report_by_submission
from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of
from mystery_shopper.core.errors import DomainError
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.services import report_of


def key_report(
    answers: Answers,
    *,
    channel: Channel,
    received_on: date,
    submission_id: UUID,
    keyer: StaffMember,
    now: datetime,
) -> tuple[Report, str]:
    """File a report in the name of whoever told us, and return it with the receipt code to hand over.

    The code is empty when this form was sent before: it was shown then and is stored nowhere.

    Raises:
        DomainError: it is said to have come later than today.
    """
    known = find_report_by_submission(submission_id)
    if known is not None:
        return known, ""
    if received_on > day_of(now):
        raise DomainError("The day it came must be today or in the past", field="received_on")
    code = receipts.new_code()
    new = report_of(answers, submission_id=submission_id, receipt_mac=receipts.digest(code))
    keyed = replace(new, channel=channel, received_on=received_on, keyed_by=keyer.name)
    return cases.file_report(keyed, actor=keyer.actor, now=now), code
