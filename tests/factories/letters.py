"""A letter to an authority, recorded as sent."""

from datetime import timedelta
from uuid import uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.letters.policy import KnownBy, kinds
from mystery_shopper.letters.services import NewLetter, send_letter


def add_letter(case: Case, writer: StaffMember) -> Intervention:
    """Record an informal enquiry."""
    new = NewLetter(
        submission_id=uuid4(),
        kind=kinds()["informal-enquiry"],
        language="en",
        text="{date}\nWhy is the bond so high? Please answer by {due}.",
        asked_for=clock.today() + timedelta(days=14),
        known_by=KnownBy.MORE,
        is_confirmed=False,
        moves_case=False,
    )
    return send_letter(case, new, version=case.version, writer=writer, now=clock.utc_now())
