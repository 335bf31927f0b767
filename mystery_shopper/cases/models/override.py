"""Texts that the disclosure gate stopped, and what a second person decided about them."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal_json


class OverrideState(StrEnum):
    """How far a request has come."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


class GateOverride(Model):
    """A request to let a stopped text out as it is. `digest` is keyed: a changed text is another text.

    The content is sealed under the data key of the case: the texts, what was found in them, and the reasons given.
    """

    __tablename__ = "gate_overrides"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_a_person"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="decided_by_a_second_person"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    state: Mapped[OverrideState] = mapped_column(default=OverrideState.WAITING, index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def content(self, key: DataKey) -> dict[str, Any]:
        """Return texts, hits, reasons and where the text was to go."""
        value: dict[str, Any] = unseal_json(key, self.content_sealed, override_context(self.id))
        return value


def override_context(override_id: uuid.UUID) -> str:
    """Return what the content of a request is bound to."""
    return f"gate_overrides.content:{override_id}"
