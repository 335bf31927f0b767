"""Reads of requests to let a stopped text out as it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case, GateOverride, OverrideState, Report
from mystery_shopper.cases.queries import is_recused, visible_to
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError

PURPOSE = "gate-override"


@dataclass(frozen=True)
class OverrideView:
    """A request, opened. `hits` are pairs of the words found and what they give away, by field."""

    id: UUID
    state: OverrideState
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime
    reason: str
    page: str
    texts: Mapping[str, str]
    hits: Mapping[str, Sequence[Sequence[str]]]
    report_id: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    known_by: str


def digest_of(case: Case, texts: Mapping[str, str], to: Report | None) -> bytes:
    """Return the keyed digest of texts, of the case they are of, and of the reporter they go to."""
    written = json.dumps([str(case.id), str(to.id) if to else "", dict(texts)], sort_keys=True, ensure_ascii=False)
    return keyring().mac(PURPOSE, written.encode())


def latest_of(case: Case, digest: bytes) -> GateOverride | None:
    """Return the last request about a text, None when nobody ever asked."""
    return db.session.scalar(
        select(GateOverride)
        .where(GateOverride.case_id == case.id, GateOverride.digest == digest)
        .order_by(GateOverride.asked_at.desc(), GateOverride.id)
        .limit(1)
    )


def get_override(case: Case, override_id: UUID) -> GateOverride:
    """Return a request of a case.

    Raises:
        NotFoundError: no such request, or one of another case; both look alike.
    """
    found = db.session.get(GateOverride, override_id)
    if found is None or found.case_id != case.id:
        raise NotFoundError
    return found


def texts_let_out(case: Case, override_id: str) -> dict[str, str]:
    """Return the texts of a request that was allowed, by field, to fill a page with; empty when there is none."""
    try:
        row = get_override(case, UUID(override_id))
    except (ValueError, NotFoundError):
        return {}
    texts: dict[str, str] = row.content(case.data_key)["texts"]
    return dict(texts) if row.state is OverrideState.ALLOWED else {}


def list_overrides_of(case: Case) -> list[OverrideView]:
    """Return the requests of a case, newest first."""
    rows = db.session.scalars(
        select(GateOverride).where(GateOverride.case_id == case.id).order_by(GateOverride.asked_at.desc())
    ).all()
    return [show_override(case, row) for row in rows]


def _waits_for(user: StaffMember) -> ColumnElement[bool]:
    """Nothing of their own, and nothing of a case they see in an emergency alone and have an interest in."""
    is_waiting = GateOverride.state == OverrideState.WAITING
    return and_(is_waiting, GateOverride.asked_by_id != user.id, ~is_recused(user.id))


def waiting_for(user: StaffMember) -> list[tuple[Case, GateOverride]]:
    """Return the requests that this person may decide, oldest first."""
    rows = db.session.execute(
        select(Case, GateOverride)
        .join(GateOverride, GateOverride.case_id == Case.id)
        .where(visible_to(user), _waits_for(user))
        .order_by(GateOverride.asked_at)
    )
    return [(case, row) for case, row in rows]


def count_waiting(user: StaffMember) -> int:
    """Return how many requests wait for this person."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(GateOverride)
            .join(Case, Case.id == GateOverride.case_id)
            .where(visible_to(user), _waits_for(user))
        )
        or 0
    )


def show_override(case: Case, row: GateOverride) -> OverrideView:
    """Open a request."""
    content = row.content(case.data_key)
    people = {row.asked_by_id, *([row.decided_by_id] if row.decided_by_id else [])}
    names = names_of(people)
    return OverrideView(
        id=row.id,
        state=row.state,
        asked_by_id=row.asked_by_id,
        asked_by=names.get(row.asked_by_id, "a former member of staff"),
        asked_at=row.asked_at,
        reason=content["reason"],
        page=content["page"],
        texts={name: text for name, text in content["texts"].items() if text},
        hits=content["hits"],
        report_id=content["report_id"],
        decided_by=names.get(row.decided_by_id, "a former member of staff") if row.decided_by_id else "",
        decided_at=row.decided_at,
        answer=content.get("answer", ""),
        known_by=content.get("known_by", ""),
    )
