"""Referrals for tests, made through the services."""

from uuid import UUID, uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.referring import Consent, ConsentHow
from mystery_shopper.guidance.services import referring

BODY = "mutuals-support-programme"
WORDS = "A new mutual needs advice on the security a buyer asks for."


def add_asked(
    case: Case, report_id: UUID, proposer: StaffMember, *, words: str = WORDS, body_id: str = BODY
) -> Referral:
    """Suggest a referral to the reporter of one report."""
    new = referring.NewReferral(submission_id=uuid4(), body_id=body_id, words=words)
    report = db.session.get_one(Report, report_id)
    return referring.propose_referral(case, report, new, proposer=proposer, now=clock.utc_now())


def add_agreed(
    case: Case, report_id: UUID, proposer: StaffMember, *, shares_contact: bool = False, words: str = WORDS
) -> Referral:
    """Suggest a referral and record that the reporter agreed by phone."""
    row = add_asked(case, report_id, proposer, words=words)
    consent = Consent(clock.today(), ConsentHow.PHONE, shares_contact)
    referring.agree(case, row, consent, version=row.version, actor=proposer.actor, now=clock.utc_now())
    return row
