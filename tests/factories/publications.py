"""Cases brought to the point of publication, and published ones, through the real services."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.policy import AuthorityType, Nation, Scope
from mystery_shopper.cases.events import OutcomeRecorded
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import move, record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.publication import services
from mystery_shopper.publication.models import Publication, PublishedResult
from mystery_shopper.publication.policy import PublicText
from tests.factories.reports import Filed, add_report
from tests.factories.staff import add_member

S = CaseState
ROAD = (S.ACKNOWLEDGED, S.TRIAGE, S.ACCEPTED, S.AUTHORITY_CONTACTED, S.RESPONDED, S.ASSESSMENT, S.OUTCOME_RECORDED)
TEXT = PublicText(
    subject="Procurement Process",
    sub_issue="Financial Requirement",
    issue_text="The authority asked every bidder for a bond of £5,000,000 on a contract worth £1,200,000.",
    outcome_text="The authority reduced the bond to £120,000 while the tender was open.",
    known_by="many",
)


@dataclass(frozen=True)
class Staff:
    """Two people of publication."""

    writer: StaffMember
    approver: StaffMember


def as_staff(user_id: UUID, *roles: Role) -> StaffMember:
    """Return the snapshot of a person that pages pass to services."""
    return StaffMember(
        id=user_id,
        email="somebody@example.org",
        name="Somebody",
        roles=frozenset(roles),
        has_second_factor=True,
        must_change_password=False,
    )


def add_staff() -> Staff:
    """Add a publisher who writes and a senior caseworker who approves."""
    db.session.commit()
    writer = add_member(Role.PUBLISHER, name="Wil Writer", enrolled=False)
    approver = add_member(Role.SENIOR_CASEWORKER, name="Ann Approver", enrolled=False)
    return Staff(as_staff(writer.id, Role.PUBLISHER), as_staff(approver.id, Role.SENIOR_CASEWORKER))


def add_authority(name: str = "Barchester City Council", *, is_demonstration: bool = False) -> Authority:
    """Add a body to the register."""
    authority = Authority(
        slug=name.lower().replace(" ", "-"),
        name=name,
        folded_name=name.lower(),
        type=AuthorityType.LOCAL_AUTHORITY,
        nation=Nation.ENGLAND,
        scope=Scope.IN,
        search_text=f" {name.lower()}",
        subtype="",
        source="test",
        is_demonstration=is_demonstration,
    )
    db.session.add(authority)
    db.session.flush()
    return authority


def add_told_case(*, authority: Authority | None = None, **overrides: Any) -> tuple[Case, Filed]:
    """Return a case whose reporter has been told the result."""
    authority = authority or add_authority()
    filed = add_report(authority_id=authority.id, **overrides)
    case = get_case_for_update(filed.case_id)
    now = clock.utc_now()
    for state in ROAD:
        move(case, state, actor="system", now=now)
    outcome = OutcomeRecorded(code="live-procurement-changed", upheld="yes", positive=True)
    record(case, outcome, actor="system", now=now)
    move(case, S.SUPPLIER_TOLD, actor="system", now=now)
    return case, filed


def add_submitted(case: Case, staff: Staff, text: PublicText = TEXT) -> Publication:
    """Return a public text that waits for approval."""
    publication = services.start_draft(case, author=staff.writer, now=clock.utc_now())
    services.save_draft(publication, text, version=publication.version, author=staff.writer, now=clock.utc_now())
    services.submit(publication, author=staff.writer, now=clock.utc_now())
    return publication


def add_approved(case: Case, staff: Staff, text: PublicText = TEXT) -> Publication:
    """Return an approved public text."""
    publication = add_submitted(case, staff, text)
    services.approve(publication, version=publication.version, approver=staff.approver, now=clock.utc_now())
    return publication


def add_published(case: Case, staff: Staff, text: PublicText = TEXT) -> PublishedResult:
    """Return a published result."""
    publication = add_approved(case, staff, text)
    return services.publish(
        publication, version=publication.version, hold_days=0, actor=staff.writer.actor, now=clock.utc_now()
    )
