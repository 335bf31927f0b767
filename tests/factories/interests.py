"""Interests for tests, declared through the service."""

from datetime import date, timedelta
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Interest, InterestContent, InterestKind
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.interests.services import NewInterest, declare_interest


def new_interest(
    *,
    authority_id: UUID | None = None,
    case_id: UUID | None = None,
    supplier: str = "",
    company_number: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> NewInterest:
    """Return an interest as a page would give it, in whatever was named."""
    kind = InterestKind.AUTHORITY if authority_id else InterestKind.CASE if case_id else InterestKind.SUPPLIER
    return NewInterest(
        kind=kind,
        content=InterestContent(words="My brother works there.", supplier=supplier, company_number=company_number),
        starts_on=starts_on or clock.today() - timedelta(days=400),
        ends_on=ends_on,
        authority_id=authority_id,
        case_id=case_id,
    )


def declare(person: StaffMember, *, by: StaffMember | None = None, **what: object) -> Interest:
    """Put an interest of a person into the register; `what` is as for `new_interest`."""
    with transaction():
        new = new_interest(**what)  # type: ignore[arg-type]
        return declare_interest(get_user(person.id), new, by=by or person, now=clock.utc_now())
