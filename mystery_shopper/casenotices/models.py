"""Which notice a case is about. It is sealed: a notice has a title, and the title of a case is sealed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal_json

ACTOR_MAX = 60


class CaseNotice(Model):
    """A notice linked to a case by its reporter (`report_id` is set; the link goes with the report) or by staff.

    Sealed under the key of the case it was made on: the notice, the newest version there was then (changes are counted
    from it), and why staff linked it. A notice that the reporter pasted has no id: its frozen copy is in the report. A
    link that was taken back stays on record.
    """

    __tablename__ = "case_notices"
    __table_args__ = (CheckConstraint("(unlinked_at IS NULL) = (unlinked_by IS NULL)", name="unlinked_by_somebody"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    linked_at: Mapped[datetime]
    linked_by: Mapped[str] = mapped_column(String(ACTOR_MAX))
    unlinked_at: Mapped[datetime | None]
    unlinked_by: Mapped[str | None] = mapped_column(String(ACTOR_MAX))

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    def _content(self) -> dict[str, str]:
        content: dict[str, str] = unseal_json(self.data_key, self.content_sealed, f"case_notices.content:{self.id}")
        return content

    @property
    def notice_id(self) -> uuid.UUID | None:
        """Return the notice, None for a copy that is in the report."""
        found = self._content()["notice_id"]
        return uuid.UUID(found) if found else None

    @property
    def seen_version_id(self) -> uuid.UUID | None:
        """Return the newest version there was when the link was made."""
        found = self._content()["version_id"]
        return uuid.UUID(found) if found else None

    @property
    def reason(self) -> str:
        """Return why staff linked it, empty for a link of the reporter's."""
        return self._content()["reason"]
