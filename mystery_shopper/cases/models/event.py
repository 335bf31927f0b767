"""The record of what happened to a case: append-only rows, the payload sealed under the case's data key."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.cases.events import CaseEvent, from_payload
from mystery_shopper.core.db import Model
from mystery_shopper.core.vault import DataKey, unseal_json


class CaseEventRecord(Model):
    """One event of one case; `sequence` orders all events, whatever the clocks said."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case_sequence", "case_id", "sequence"),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    tag: Mapped[str] = mapped_column(String(60), index=True)
    actor: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime]
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def to_event(self, key: DataKey) -> CaseEvent:
        """Return the typed event this row holds."""
        return from_payload(self.tag, unseal_json(key, self.payload_sealed, f"case_events.payload:{self.id}"))


@event.listens_for(CaseEventRecord, "before_update")
@event.listens_for(CaseEventRecord, "before_delete")
def _refuse_change(_mapper: Any, _connection: Any, target: CaseEventRecord) -> None:
    raise RuntimeError(f"event {target.sequence} cannot be changed: events are evidence")
