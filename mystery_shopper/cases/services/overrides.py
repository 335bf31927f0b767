"""Asking a second person to let a stopped text out as it is, and deciding that."""

from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.events import OverrideAsked, OverrideDecided
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, GateOverride, OverrideState
from mystery_shopper.cases.models.override import override_context
from mystery_shopper.cases.overrides import digest_of, latest_of
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.cases.services.recording import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import PermissionDeniedError, StaleEditError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import seal_json


def ask_override(
    case: Case, stopped: DisclosureError, reason: str, *, page: str, by: StaffMember, now: datetime
) -> GateOverride:
    """Put a stopped text before a second person, exactly as it is. Asked twice, it waits once.

    `page` is the address of the page it was written on: it is sent from there when it is let out.
    """
    digest = digest_of(case, stopped.texts, stopped.to)
    known = latest_of(case, digest)
    if known is not None and known.state is OverrideState.WAITING:
        return known
    row_id = new_id()
    content = {
        "texts": dict(stopped.texts),
        "hits": {name: [[hit.quoted, hit.reason] for hit in hits] for name, hits in stopped.hits.items()},
        "reason": reason,
        "page": page,
        "report_id": str(stopped.to.id) if stopped.to else "",
    }
    row = GateOverride(
        id=row_id,
        case_id=case.id,
        digest=digest,
        state=OverrideState.WAITING,
        asked_by_id=by.id,
        asked_at=now,
        content_sealed=seal_json(case.data_key, content, override_context(row_id)),
    )
    db.session.add(row)
    db.session.flush()
    record(case, OverrideAsked(override_id=str(row_id)), actor=by.actor, now=now)
    return row


def decide_override(
    case: Case, row: GateOverride, *, allows: bool, answer: str, known_by: str, by: StaffMember, now: datetime
) -> None:
    """Allow or refuse a stopped text. The case is locked by the caller, so that it is decided once.

    Raises:
        PermissionDeniedError: the person asked for it, may not decide, or has an interest in the case.
        StaleEditError: somebody decided it before.
    """
    if by.id == row.asked_by_id or not by.can(Permission.GATE_OVERRIDE):
        raise PermissionDeniedError("Somebody else must decide this: who asks for it cannot allow it")
    if is_recused_from(case, by.id):
        raise PermissionDeniedError("Somebody else must decide this: an interest of yours stands against the case")
    if row.state is not OverrideState.WAITING:
        raise StaleEditError("Somebody else has decided this while you were reading it.")
    content = {**row.content(case.data_key), "answer": answer, "known_by": known_by}
    row.content_sealed = seal_json(case.data_key, content, override_context(row.id))
    row.state = OverrideState.ALLOWED if allows else OverrideState.REFUSED
    row.decided_by_id, row.decided_at = by.id, now
    db.session.flush()
    record(case, OverrideDecided(override_id=str(row.id), is_allowed=allows), actor=by.actor, now=now)
