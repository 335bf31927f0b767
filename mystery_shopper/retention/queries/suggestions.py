"""Suggestions as records: due some time after the last thing that happened to one that was dealt with.

Dealt with: answered, published, closed without action or taken back, and nothing the commissioner wrote waits for us.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, not_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.permissions import Permission
from mystery_shopper.holds.policy import HoldScope
from mystery_shopper.retention.policy import RetentionClass
from mystery_shopper.retention.queries.records import Line, Records, is_held_as, sees_all
from mystery_shopper.suggestions.models import Suggestion, SuggestionEventRecord
from mystery_shopper.suggestions.states import SuggestionState, state_label

S = SuggestionState
DEALT_WITH = (S.ANSWERED, S.PUBLISHED, S.CLOSED, S.WITHDRAWN)


def _is_over(one: RetentionClass, today: date) -> Sequence[ColumnElement[bool]]:
    day_after = datetime.combine(one.due_until(today) + timedelta(days=1), time(), UTC)
    since = select(SuggestionEventRecord.id).where(
        SuggestionEventRecord.suggestion_id == Suggestion.id, SuggestionEventRecord.happened_at >= day_after
    )
    return (
        Suggestion.erased_on.is_(None),
        Suggestion.state.in_(DEALT_WITH),
        Suggestion.waits_for_us.is_(False),
        not_(since.exists()),
    )


def _is_held() -> ColumnElement[bool]:
    return is_held_as(HoldScope.SUGGESTION, Suggestion.id)


def _last_event() -> ScalarSelect[datetime]:
    of_it = SuggestionEventRecord.suggestion_id == Suggestion.id
    return select(func.max(SuggestionEventRecord.happened_at)).where(of_it).scalar_subquery()


def _show(ids: Collection[UUID], user: StaffMember) -> list[Line]:
    rows = db.session.execute(
        select(
            Suggestion.id, Suggestion.reference, Suggestion.state, Suggestion.waits_for_us, _last_event(), _is_held()
        )
        .where(Suggestion.id.in_(ids))
        .order_by(*SUGGESTIONS.order)
    ).all()
    has_page = user.can(Permission.SUGGESTION_READ)
    return [
        Line(
            id=key,
            name=reference,
            what=f"Suggestion: {state_label(state).lower()}",
            began_on=day_of(last) if state in DEALT_WITH and not waits else None,
            address=f"/suggestions/{reference}" if has_page else "",
            is_held=held,
        )
        for key, reference, state, waits, last, held in rows
    ]


SUGGESTIONS = Records(
    noun="suggestion",
    id=Suggestion.id,
    is_over=_is_over,
    is_held=_is_held,
    order=(Suggestion.received_on, Suggestion.reference),
    show=_show,
    count_unseen=sees_all,
    opened_by="policy owners",
)
