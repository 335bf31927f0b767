"""Two reviewers and what they do, for tests of what retention destroys."""

from datetime import UTC, datetime
from uuid import uuid4

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core.db import transaction
from mystery_shopper.holds.policy import Subject
from mystery_shopper.retention.policy import CASE_FILE, schedule
from mystery_shopper.retention.queries import get_batch
from mystery_shopper.retention.services.batches import approve, propose
from mystery_shopper.retention.worker import retention_round
from tests.factories.publications import as_staff
from tests.factories.records import add_closed_case, add_hold
from tests.factories.staff import add_member

TODAY = datetime(2026, 3, 31, 9, tzinfo=UTC)


class Two:
    """Two seniors who may review, and a case that closed long ago."""

    def __init__(self) -> None:
        one, other = (add_member(Role.SENIOR_CASEWORKER, name=name, enrolled=False) for name in ("Ada", "Ben"))
        self.ada, self.ben = (as_staff(member.id, Role.SENIOR_CASEWORKER) for member in (one, other))
        with transaction():
            self.filed = add_closed_case(by_id=self.ada.id)

    @property
    def case(self) -> Case:
        return get_case_for_update(self.filed.case_id)


def a_batch(two: Two, class_id: str = CASE_FILE, *, is_approved: bool = True) -> int:
    with transaction():
        batch = propose(schedule().classes[class_id], submission_id=uuid4(), by=two.ada, now=TODAY)
        number = batch.number
    if is_approved:
        with transaction():
            approve(get_batch(number), by=two.ben, now=TODAY)
    return number


def run_all() -> int:
    rounds = 0
    while retention_round():
        rounds += 1
    return rounds


def hold(subject: Subject, by: StaffMember) -> None:
    with transaction():
        add_hold(subject, by_id=by.id, now=TODAY)
