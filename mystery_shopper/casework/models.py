"""Tables of casework: what was done to several cases at once, and saved views of the list."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.casework.states import BulkEnd, BulkKind
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, seal, seal_json, unseal, unseal_json


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


class SavedView(Model):
    """Filters, columns and order of the list under a name. A shared one is everybody's to look at.

    Name and filters are sealed under a key of the view's own: words that were searched for stand among them.
    """

    __tablename__ = "saved_views"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    def write(self, name: str, query: str) -> None:
        """Keep a name and the filters, as an address has them."""
        self.content_sealed = seal_json(self.data_key, {"name": name, "query": query}, self._context)

    @property
    def name(self) -> str:
        """Return what the view is called."""
        return str(self._content["name"])

    @property
    def query(self) -> str:
        """Return the filters, as an address has them."""
        return str(self._content["query"])

    @property
    def _content(self) -> Any:
        return unseal_json(self.data_key, self.content_sealed, self._context)

    @property
    def _context(self) -> str:
        return f"saved_views.content:{self.id}"


class ViewLook(Model):
    """How far a person has looked at a view: the last event there was then. `is_default`: their list opens with it."""

    __tablename__ = "view_looks"

    view_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    seen_sequence: Mapped[int] = mapped_column(Integer, default=0)
    is_default: Mapped[bool] = mapped_column(default=False)
