"""The table of the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, LargeBinary, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from mystery_shopper.audit import ddl
from mystery_shopper.audit.policy import Link
from mystery_shopper.core.db import Model

MAC_BYTES = 32


class AuditEntry(Model):
    """One thing that was done. Holds no content and no name: people and records are named by id.

    `seq` is given by us, without gaps, so that a missing row shows. `prev_mac` is unique, so the chain cannot fork.
    """

    __tablename__ = ddl.TABLE
    __table_args__ = (
        Index("ix_audit_entries_actor", "actor", "seq"),
        Index("ix_audit_entries_action", "action", "seq"),
        Index("ix_audit_entries_subject_id", "subject_id", "seq"),
        Index("ix_audit_entries_at", "at", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(40))
    prev_mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES), unique=True)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))

    @property
    def link(self) -> Link:
        """Return the entry as it is digested."""
        return Link(
            self.seq, self.at, self.actor, self.action, self.subject, self.subject_id, self.outcome, self.prev_mac
        )


def _refuse(_mapper: Mapper[Any], _connection: Any, _entry: AuditEntry) -> None:
    raise RuntimeError(ddl.REFUSAL)


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)


@event.listens_for(AuditEntry.__table__, "after_create")
def _guard(_table: Any, connection: Connection, **_options: Any) -> None:
    for statement in ddl.trigger_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
