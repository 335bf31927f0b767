"""Notices and their frozen copies. Notices are published, so nothing here is sealed; copies are never changed.

Four tables, three of them append-only (the database refuses to change or delete a row): `notice_versions` are the bytes
of releases, `notice_receipts` say by which way a version came, `notice_keys` by which names it is found. `notices` is
the list that people search: one row for each procurement, always what its newest version says.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.notices.policy import Dialect

OCID_MAX = 120
TITLE_MAX = 500
NAME_MAX = 300
NUMBER_MAX = 120
CAME_FROM_MAX = 200
KEY_MAX = 200


class Origin(StrEnum):
    """By which way a version came to us.

    imported: from a file, by an operator; only these are found by the public look-up. added: by a caseworker, for a
    case. fetched: by the worker, because the notice is on an open case. The last two would tell that somebody reported.
    """

    IMPORTED = "imported"
    ADDED = "added"
    FETCHED = "fetched"


class Notice(Model):
    """One procurement, as its newest version describes it. `released_on` is the day of that version."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_order", "released_on", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ocid: Mapped[str] = mapped_column(String(OCID_MAX), unique=True)
    dialect: Mapped[Dialect] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    buyer_name: Mapped[str] = mapped_column(String(NAME_MAX))
    number: Mapped[str] = mapped_column(String(NUMBER_MAX))
    tags: Mapped[str] = mapped_column(String(NAME_MAX))
    released_on: Mapped[date]
    search_text: Mapped[str] = mapped_column(Text)


class NoticeVersion(Model):
    """One release as it was received: canonical bytes and their SHA-256. Never changed."""

    __tablename__ = "notice_versions"
    __table_args__ = (Index("ix_notice_versions_order", "notice_id", "released_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notices.id"))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    number: Mapped[str] = mapped_column(String(NUMBER_MAX))
    tags: Mapped[str] = mapped_column(String(NAME_MAX))
    released_at: Mapped[datetime]
    received_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class NoticeReceipt(Model):
    """A version came in, once for each way: when, and from which file or service."""

    __tablename__ = "notice_receipts"
    __table_args__ = (UniqueConstraint("version_id", "origin"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice_versions.id"))
    origin: Mapped[Origin]
    came_from: Mapped[str] = mapped_column(String(CAME_FROM_MAX))
    received_at: Mapped[datetime]


class NoticeKey(Model):
    """A name under which a version is found (see `references`)."""

    __tablename__ = "notice_keys"

    key: Mapped[str] = mapped_column(String(KEY_MAX), primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice_versions.id"), primary_key=True, index=True)


def _refuse_change(_mapper: Any, _connection: Any, target: Model) -> None:
    raise RuntimeError(f"{type(target).__name__} cannot be changed: frozen copies are evidence")


for _kind in (NoticeVersion, NoticeReceipt, NoticeKey):
    for _moment in ("before_update", "before_delete"):
        event.listen(_kind, _moment, _refuse_change)
