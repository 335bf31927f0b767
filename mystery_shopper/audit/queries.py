"""Reading the audit log."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, select, text
from sqlalchemy.orm import Session

from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.policy import GENESIS, Link
from mystery_shopper.core.db import db
from mystery_shopper.core.pagination import LARGEST_NUMBER, Cursor, Page, decode_cursor, make_page, whole_number

PAGE_SIZE = 50
ROWS_AT_ONCE = 5000
SLACK = timedelta(days=2)
NO_END = LARGEST_NUMBER

# One arbitrary number that every worker agrees on: whoever holds it appends.
POSTGRESQL_APPEND_LOCK = 0x6D73_6175_6469

COLUMNS = (
    AuditEntry.seq,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.subject_id,
    AuditEntry.outcome,
    AuditEntry.prev_mac,
    AuditEntry.mac,
)


class UnreadableEntryError(Exception):
    """An entry cannot even be read; `seq` is its number."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"entry {seq} of the audit log cannot be read")
        self.seq = seq


def lock_for_append(session: Session) -> None:
    """Wait until nobody else appends; held to the end of the transaction.

    On SQLite a transaction that writes holds the only write lock from its beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": POSTGRESQL_APPEND_LOCK})


def head(session: Session) -> tuple[int, bytes]:
    """Return the number and digest of the last entry; 0 and the genesis value of an empty log."""
    row = session.execute(select(AuditEntry.seq, AuditEntry.mac).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (0, GENESIS) if row is None else (row[0], row[1])


def count_entries(session: Session) -> int:
    """Return how many entries there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def iterate_links(session: Session, after: int = 0) -> Iterator[tuple[Link, bytes]]:
    """Yield every entry after a number with its stored digest, in order, without loading them all.

    Raises:
        UnreadableEntryError: an entry holds what the service cannot have stored (a time that is none).
    """
    last, size = after, ROWS_AT_ONCE
    while True:
        following = select(*COLUMNS).where(AuditEntry.seq > last).order_by(AuditEntry.seq).limit(size)
        try:
            rows = session.execute(following).all()
        except (ValueError, TypeError) as error:
            if size == 1:
                raise UnreadableEntryError(_next_seq(session, last)) from error
            size = 1
            continue
        yield from ((Link(*row[:-1]), row[-1]) for row in rows)
        if not rows:
            return
        last = rows[-1][0]


def _next_seq(session: Session, seq: int) -> int:
    return session.scalar(select(func.min(AuditEntry.seq)).where(AuditEntry.seq > seq)) or seq + 1


def links_after(session: Session, prev_mac: bytes) -> list[tuple[Link, bytes]]:
    """Return the entries that say they follow the one with this digest."""
    rows = session.execute(select(*COLUMNS).where(AuditEntry.prev_mac == prev_mac))
    return [(Link(*row[:-1]), row[-1]) for row in rows]


def find_link(session: Session, seq: int) -> tuple[Link, bytes] | None:
    """Return the entry of this number with its stored digest, None when there is none."""
    row = session.execute(select(*COLUMNS).where(AuditEntry.seq == seq)).first()
    return None if row is None else (Link(*row[:-1]), row[-1])


def macs_of(session: Session, numbers: Collection[int]) -> Mapping[int, bytes]:
    """Return the stored digests of the entries of these numbers, by number; those that are not there are left out."""
    rows = session.execute(select(AuditEntry.seq, AuditEntry.mac).where(AuditEntry.seq.in_(numbers)))
    return {row.seq: row.mac for row in rows}


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted. Empty means: no filter of that kind.

    `subject_ids` are the rows they are about (None: any), `actions` the things done, `since` and `before` the period.
    """

    actor: str = ""
    actions: tuple[str, ...] = ()
    subject_ids: tuple[str, ...] | None = None
    since: datetime | None = None
    before: datetime | None = None


EVERYTHING = EntryFilter()


def list_entries(wanted: EntryFilter = EVERYTHING, cursor_text: str | None = None) -> Page[AuditEntry]:
    """Return a page of entries, newest first.

    Raises:
        NotFoundError: the cursor is not one of ours.
    """
    cursor = decode_cursor(cursor_text)
    statement = select(AuditEntry).where(*_conditions(wanted))
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        seq = _seq_of(cursor)
        statement = statement.where(AuditEntry.seq > seq if backward else AuditEntry.seq < seq)
    order = AuditEntry.seq.asc() if backward else AuditEntry.seq.desc()
    rows = db.session.scalars(statement.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=lambda entry: (str(entry.seq),))


def list_for_export(wanted: EntryFilter, *, limit: int) -> Sequence[AuditEntry]:
    """Return the newest entries, at most `limit`."""
    statement = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.seq.desc())
    return db.session.scalars(statement.limit(limit)).all()


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AuditEntry.actor == wanted.actor)
    if wanted.actions:
        conditions.append(AuditEntry.action.in_(wanted.actions))
    if wanted.subject_ids is not None:
        conditions.append(AuditEntry.subject_id.in_(wanted.subject_ids))
    if wanted.since is not None:
        conditions += [AuditEntry.at >= wanted.since, AuditEntry.seq > func.coalesce(_before(wanted.since), 0)]
    if wanted.before is not None:
        conditions += [AuditEntry.at < wanted.before, AuditEntry.seq < func.coalesce(_after(wanted.before), NO_END)]
    return conditions


def _before(moment: datetime) -> ScalarSelect[int]:
    """Return the number of an entry that stands before everything since a moment; none when there is none.

    Entries stand almost in the order of their times: SLACK is more than what a reporter's entry lacks of its hour. So
    the index of times finds an old period without a walk through what came since.
    """
    earlier = select(AuditEntry.seq).where(AuditEntry.at < moment - SLACK)
    return earlier.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc()).limit(1).scalar_subquery()


def _after(moment: datetime) -> ScalarSelect[int]:
    """Return the number of an entry that stands after everything before a moment; none when there is none."""
    later = select(AuditEntry.seq).where(AuditEntry.at >= moment + SLACK)
    return later.order_by(AuditEntry.at, AuditEntry.seq).limit(1).scalar_subquery()


def _seq_of(cursor: Cursor) -> int:
    (value,) = cursor.key if len(cursor.key) == 1 else ("",)
    return whole_number(value)
