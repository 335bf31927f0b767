"""Reads of what is to be looked at again after a case was closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.interventions.models import CaseFollowUp


@dataclass(frozen=True)
class FollowUpView:
    """A follow-up, opened. `by` is who did it, empty while nobody has."""

    row: CaseFollowUp
    note: str
    by: str


def list_follow_ups(case: Case) -> list[FollowUpView]:
    """Return the follow-ups of a case, oldest first."""
    rows = db.session.scalars(
        select(CaseFollowUp).where(CaseFollowUp.case_id == case.id).order_by(CaseFollowUp.planned_at, CaseFollowUp.id)
    ).all()
    names = names_of({row.done_by for row in rows if row.done_by})
    return [
        FollowUpView(row, row.note(case.data_key), names.get(row.done_by, "") if row.done_by else "") for row in rows
    ]


def get_follow_up(case: Case, follow_up_id: UUID) -> CaseFollowUp:
    """Return a follow-up of this case.

    Raises:
        NotFoundError: there is none, or it belongs to another case.
    """
    row = db.session.get(CaseFollowUp, follow_up_id)
    if row is None or row.case_id != case.id:
        raise NotFoundError
    return row


def find_open_follow_up(case: Case) -> CaseFollowUp | None:
    """Return the follow-up of a case that nobody has done."""
    return db.session.scalar(
        select(CaseFollowUp)
        .where(CaseFollowUp.case_id == case.id, CaseFollowUp.result.is_(None))
        .order_by(CaseFollowUp.planned_at, CaseFollowUp.id)
        .limit(1)
    )


def list_unasked(today: date, *, case_id: UUID | None = None) -> Sequence[CaseFollowUp]:
    """Return what is due, on cases that are still closed, and of which the reporters have not been asked."""
    query = (
        select(CaseFollowUp)
        .join(Case, Case.id == CaseFollowUp.case_id)
        .where(
            CaseFollowUp.due_on <= today,
            CaseFollowUp.asked_on.is_(None),
            CaseFollowUp.result.is_(None),
            Case.state == CaseState.CLOSED,
            Case.erased_on.is_(None),
        )
        .order_by(CaseFollowUp.due_on, CaseFollowUp.id)
    )
    return db.session.scalars(query if case_id is None else query.where(CaseFollowUp.case_id == case_id)).all()
