"""Reads of notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, tuple_

from mystery_shopper.authorities.policy import words_of
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page
from mystery_shopper.notices.models import Notice, NoticeKey, NoticeReceipt, NoticeVersion, Origin
from mystery_shopper.notices.policy import Dialect
from mystery_shopper.notices.references import key_of

PAGE_SIZE = 25
WORDS_MAX = 8


@dataclass(frozen=True, kw_only=True)
class NoticeFilter:
    """What staff look for: words of title, buyer or reference, and the service; empty does not filter."""

    words: str = ""
    dialect: Dialect | None = None


@dataclass(frozen=True)
class Receipt:
    """By which way a version came, and when."""

    version_id: UUID
    origin: Origin
    came_from: str
    received_on: date


def get_notice(notice_id: UUID) -> Notice:
    """Return a notice.

    Raises:
        NotFoundError: there is none with this id.
    """
    found = db.session.get(Notice, notice_id)
    if found is None:
        raise NotFoundError
    return found


def get_version(notice: Notice, version_id: UUID) -> NoticeVersion:
    """Return a version of a notice.

    Raises:
        NotFoundError: the notice has none with this id.
    """
    found = db.session.get(NoticeVersion, version_id)
    if found is None or found.notice_id != notice.id:
        raise NotFoundError
    return found


def find_by_hash(sha256: str) -> NoticeVersion | None:
    """Return the version with these bytes."""
    return db.session.scalar(select(NoticeVersion).where(NoticeVersion.sha256 == sha256))


def list_versions(notice_id: UUID, *, public_only: bool = False) -> Sequence[NoticeVersion]:
    """Return the versions of a notice, the oldest release first; with `public_only` those of imported files."""
    query = select(NoticeVersion).where(NoticeVersion.notice_id == notice_id)
    if public_only:
        query = query.where(_is_imported())
    return db.session.scalars(
        query.order_by(NoticeVersion.released_at, NoticeVersion.received_at, NoticeVersion.id)
    ).all()


def _is_imported() -> ColumnElement[bool]:
    return exists().where(NoticeReceipt.version_id == NoticeVersion.id, NoticeReceipt.origin == Origin.IMPORTED)


def list_receipts(notice_id: UUID) -> list[Receipt]:
    """Return by which ways the versions of a notice came."""
    rows = db.session.scalars(
        select(NoticeReceipt)
        .join(NoticeVersion, NoticeVersion.id == NoticeReceipt.version_id)
        .where(NoticeVersion.notice_id == notice_id)
        .order_by(NoticeReceipt.received_at, NoticeReceipt.id)
    )
    return [Receipt(row.version_id, row.origin, row.came_from, row.received_at.date()) for row in rows]


def find_notice(typed: str, *, public_only: bool) -> Notice | None:
    """Return the notice that a number, an OCID or the address of a page names; None when we do not have it.

    With `public_only`, as for reporters, only what operators imported is found: that a notice came to us because
    somebody reported it is nobody's business.
    """
    key = key_of(typed)
    if key is None:
        return None
    query = (
        select(Notice)
        .join(NoticeVersion, NoticeVersion.notice_id == Notice.id)
        .join(NoticeKey, NoticeKey.version_id == NoticeVersion.id)
        .where(NoticeKey.key == key)
        .order_by(NoticeVersion.released_at.desc(), Notice.id)
        .limit(1)
    )
    return db.session.scalar(query.where(_is_imported()) if public_only else query)


def list_notices(wanted: NoticeFilter, cursor_text: str | None) -> Page[Notice]:
    """Return a page of notices, the newest first."""
    query = select(Notice).where(*_conditions(wanted))
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    order = (Notice.released_on, Notice.id)
    if cursor is not None:
        here = tuple_(*_read_key(cursor.key))
        query = query.where(tuple_(*order) > here if backward else tuple_(*order) < here)
    sorting = [column.asc() if backward else column.desc() for column in order]
    rows = db.session.scalars(query.order_by(*sorting).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=lambda one: (one.released_on.isoformat(), str(one.id)))


def _conditions(wanted: NoticeFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    key = key_of(wanted.words) if wanted.words else None
    if key is not None:
        versions = select(NoticeKey.version_id).where(NoticeKey.key == key)
        found.append(Notice.id.in_(select(NoticeVersion.notice_id).where(NoticeVersion.id.in_(versions))))
    else:
        words = words_of(wanted.words)[:WORDS_MAX]
        found += [Notice.search_text.contains(f" {word}", autoescape=True) for word in words]
    if wanted.dialect is not None:
        found.append(Notice.dialect == wanted.dialect)
    return found


def _read_key(key: CursorKey) -> tuple[date, UUID]:
    try:
        day, notice_id = key
        return date.fromisoformat(day), UUID(notice_id)
    except ValueError as error:
        raise NotFoundError from error
