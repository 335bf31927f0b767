"""Putting on record what happened to a case: the one function that writes an event."""

from datetime import datetime

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.events import CaseEvent, to_payload
from mystery_shopper.cases.models import Case, CaseEventRecord
from mystery_shopper.core import events
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.vault import seal_json


def record(case: Case, event: CaseEvent, *, actor: str, now: datetime) -> None:
    """Write what happened: the event row, the audit row, and the call to whoever listens. All or nothing."""
    row_id = new_id()
    db.session.add(
        CaseEventRecord(
            id=row_id,
            case_id=case.id,
            tag=event.tag,
            actor=actor,
            happened_at=now,
            payload_sealed=seal_json(case.data_key, to_payload(event), f"case_events.payload:{row_id}"),
        )
    )
    db.session.flush()
    audit.record(Action(event.tag), actor=actor, subject="case", subject_id=case.id, now=now)
    events.publish(event, events.Occasion(subject=case, actor=actor, now=now))
