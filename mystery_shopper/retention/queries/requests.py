"""Requests and complaints as records: due some time after the last answer, once nothing they restrict stands.

Whatever keeps a case that a request names keeps the request too: it is part of the file of that case.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import db
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.requests.models import InfoRequest, RequestCase
from mystery_shopper.requests.policy import kinds
from mystery_shopper.requests.queries import GRANTED
from mystery_shopper.requests.states import RequestState
from mystery_shopper.retention.policy import RetentionClass
from mystery_shopper.retention.queries.cases import keeps
from mystery_shopper.retention.queries.records import Line, Records, is_held_as, sees_all, stands

LAST_DAYS = (InfoRequest.decided_on, InfoRequest.reviewed_on, InfoRequest.restriction_ended_on)


def _is_settled() -> ColumnElement[bool]:
    restricts = and_(
        InfoRequest.kind.in_([kind for kind, rules in kinds().items() if rules.restricts]),
        InfoRequest.decision.in_(GRANTED),
        InfoRequest.restriction_ended_on.is_(None),
    )
    return and_(InfoRequest.state == RequestState.ANSWERED, not_(restricts))


def _is_over(one: RetentionClass, today: date) -> Sequence[ColumnElement[bool]]:
    until = one.due_until(today)
    ended = [or_(day.is_(None), day <= until) for day in LAST_DAYS]
    return InfoRequest.erased_on.is_(None), _is_settled(), *ended


def _is_held() -> ColumnElement[bool]:
    of_cases = (
        select(RequestCase.case_id)
        .join(Case, Case.id == RequestCase.case_id)
        .join(LegalHold, keeps(Case.id, Case.authority_id))
        .where(RequestCase.request_id == InfoRequest.id, stands())
    )
    return or_(is_held_as(HoldScope.REQUEST, InfoRequest.id), of_cases.exists())


def _show(ids: Collection[UUID], _user: StaffMember) -> list[Line]:
    rows = db.session.execute(
        select(InfoRequest.id, InfoRequest.reference, InfoRequest.kind, *LAST_DAYS, _is_settled(), _is_held())
        .where(InfoRequest.id.in_(ids))
        .order_by(*REQUESTS.order)
    ).all()
    return [
        Line(
            id=key,
            name=reference,
            what=kinds()[kind].label,
            began_on=max(day for day in days if day is not None) if settled else None,
            address=f"/records/requests/{reference}",
            is_held=held,
        )
        for key, reference, kind, *days, settled, held in rows
    ]


REQUESTS = Records(
    noun="request",
    id=InfoRequest.id,
    is_over=_is_over,
    is_held=_is_held,
    order=(InfoRequest.decided_on, InfoRequest.reference),
    show=_show,
    count_unseen=sees_all,
)
