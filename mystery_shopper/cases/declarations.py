"""Who has said that they have no interest in a case. It is said once, and again when the case is about another body."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.cases.models import Case, CaseDeclaration
from mystery_shopper.core.db import db


def has_declared(case: Case, user_id: UUID) -> bool:
    """Tell whether a person said that they have no interest in a case and in the authority it is about now."""
    row = db.session.execute(
        select(CaseDeclaration.authority_id).where(
            CaseDeclaration.user_id == user_id, CaseDeclaration.case_id == case.id
        )
    ).first()
    return row is not None and row[0] == case.authority_id


def declared_among(cases: Sequence[Case], user_id: UUID) -> frozenset[UUID]:
    """Return of which of some cases a person said so: `has_declared` for several at once."""
    rows = db.session.execute(
        select(CaseDeclaration.case_id, CaseDeclaration.authority_id).where(
            CaseDeclaration.user_id == user_id, CaseDeclaration.case_id.in_([case.id for case in cases])
        )
    )
    said = {row[0]: row[1] for row in rows}
    return frozenset(case.id for case in cases if case.id in said and said[case.id] == case.authority_id)


def keep_declaration(case: Case, user_id: UUID, *, now: datetime) -> None:
    """Keep that a person has no interest in a case; what they said of an earlier authority is replaced."""
    row = db.session.get(CaseDeclaration, (user_id, case.id))
    if row is None:
        row = CaseDeclaration(user_id=user_id, case_id=case.id, authority_id=case.authority_id, declared_at=now)
        db.session.add(row)
    row.authority_id, row.declared_at = case.authority_id, now
    db.session.flush()
