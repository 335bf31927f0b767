"""Tables of casework: what was done to several cases at once."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.casework.states import BulkEnd, BulkKind
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, seal, unseal


class BulkAction(Model):
    """Something a person did to several cases at once; kept so that it can be undone, and is done once.

    `owner_id`: whom the cases were given to, None for the queue. `unseen` counts the cases that were sent with it and
    are not open to the person: which they were is not kept.
    """

    __tablename__ = "bulk_actions"
    __table_args__ = (CheckConstraint("(kind IN ('label', 'unlabel')) = (label_id IS NOT NULL)", name="names_a_label"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[BulkKind]
    label_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("labels.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    unseen: Mapped[int] = mapped_column(Integer)
    done_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class BulkItem(Model):
    """What one of those actions did to one case. `case_version` is the version it left, `old_owner_id` whose it was.

    `why_sealed` says, under the key of the case, why it was refused or could not be undone.
    """

    __tablename__ = "bulk_items"

    bulk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bulk_actions.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    ended: Mapped[BulkEnd]
    case_version: Mapped[int] = mapped_column(Integer)
    old_owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    why_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def say_why(self, key: DataKey, why: str) -> None:
        """Keep why it was refused or could not be undone."""
        self.why_sealed = seal(key, why, self._context)

    def why(self, key: DataKey) -> str:
        """Return why it was refused or could not be undone; empty when it was neither."""
        return unseal(key, self.why_sealed, self._context) if self.why_sealed else ""

    @property
    def _context(self) -> str:
        return f"bulk_items.why:{self.bulk_id}:{self.case_id}"
