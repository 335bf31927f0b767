"""What holds are on, and which stand on a case."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import not_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case, CaseRecusal
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.retention.queries.cases import keeps
from mystery_shopper.retention.queries.records import stands
from mystery_shopper.suggestions.models import Suggestion


def holds_on(case: Case) -> Sequence[LegalHold]:
    """Return the holds that keep a case, oldest first."""
    return db.session.scalars(
        select(LegalHold).where(stands(), keeps(case.id, case.authority_id)).order_by(LegalHold.placed_at, LegalHold.id)
    ).all()


def references_of(ids: Collection[UUID], user: StaffMember) -> dict[UUID, str]:
    """Return what some ids name: references of cases this person may see and of other records, names of people."""
    if not ids:
        return {}
    cases = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(ids), visible_to(user)))
    authorities = db.session.execute(select(Authority.id, Authority.name).where(Authority.id.in_(ids)))
    suggestions = db.session.execute(select(Suggestion.id, Suggestion.reference).where(Suggestion.id.in_(ids)))
    requests = db.session.execute(select(InfoRequest.id, InfoRequest.reference).where(InfoRequest.id.in_(ids)))
    return {row[0]: row[1] for row in (*cases, *authorities, *suggestions, *requests)} | names_of(ids)


def authorities_hidden_from(user: StaffMember) -> set[UUID | None]:
    """Return the authorities of the cases that an interest hides from this person; None for a case about none."""
    against = select(CaseRecusal.case_id).where(CaseRecusal.user_id == user.id)
    hidden = select(Case.authority_id).where(Case.id.in_(against), Case.erased_on.is_(None), not_(visible_to(user)))
    return set(db.session.scalars(hidden.distinct()))
