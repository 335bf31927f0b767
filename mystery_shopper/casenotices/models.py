"""Which notice a case is about."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.notices.models import Notice, NoticeVersion

ACTOR_MAX = 60


class CaseNotice(Model):
    """A notice linked to a case by its reporter (`report_id` is set; the link goes with the report) or by staff.

    `seen_version` is the newest version when the link was made: changes are counted from it. A notice that the reporter
    pasted has no `notice_id`: its frozen copy is in the report, sealed. A link that was taken back stays on record.
    """

    __tablename__ = "case_notices"
    __table_args__ = (
        CheckConstraint("(unlinked_at IS NULL) = (unlinked_by IS NULL)", name="unlinked_by_somebody"),
        CheckConstraint("(notice_id IS NULL) = (seen_version_id IS NULL)", name="a_notice_has_a_version"),
        CheckConstraint("notice_id IS NOT NULL OR report_id IS NOT NULL", name="a_copy_is_in_a_report"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notices.id"), index=True)
    seen_version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice_versions.id"))
    linked_at: Mapped[datetime]
    linked_by: Mapped[str] = mapped_column(String(ACTOR_MAX))
    unlinked_at: Mapped[datetime | None]
    unlinked_by: Mapped[str | None] = mapped_column(String(ACTOR_MAX))
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    notice: Mapped[Notice | None] = relationship(lazy="joined")
    seen_version: Mapped[NoticeVersion | None] = relationship(lazy="raise_on_sql")
    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def reason(self) -> str:
        """Return why staff linked it, empty for a link of the reporter's."""
        return unseal(self.data_key, self.reason_sealed, f"case_notices.reason:{self.id}") if self.reason_sealed else ""
