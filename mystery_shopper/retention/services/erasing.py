"""Erasing what is due: keys first, then rows and words, table by table as `data/erasure.csv` says.

The audit log is not touched.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Table, and_, delete, literal, null, select, update
from sqlalchemy import case as sql_case

from mystery_shopper.core.db import Model, db
from mystery_shopper.core.vault import Clearance, DataKey, erase
from mystery_shopper.holds import services as holds
from mystery_shopper.retention.policy import RECORDS_OF, BatchClass, Erasure, Fate, erasures_of
from mystery_shopper.retention.services.accounts import ACCOUNTS
from mystery_shopper.retention.services.cases import CASES
from mystery_shopper.retention.services.erasers import Eraser, Erasing
from mystery_shopper.retention.services.requests import REQUESTS
from mystery_shopper.retention.services.suggestions import SUGGESTIONS
from mystery_shopper.retention.states import RecordType

SEALED = "_sealed"
EMPTY = b""
ERASERS: dict[RecordType, Eraser] = {
    RecordType.CASE: CASES,
    RecordType.SUGGESTION: SUGGESTIONS,
    RecordType.REQUEST: REQUESTS,
    RecordType.ACCOUNT: ACCOUNTS,
}


def lock_record(class_id: BatchClass, record_id: UUID) -> None:
    """Let nobody else change a record before the commit."""
    _eraser_of(class_id).lock(record_id)


def _eraser_of(class_id: BatchClass) -> Eraser:
    return ERASERS[RECORDS_OF[class_id][0]]


def erase_record(class_id: BatchClass, record_id: UUID, *, batch: int, now: datetime) -> Sequence[str]:
    """Erase what a class means of a record. The record must be locked.

    Returns:
        Names of stored files that are noise now, to be deleted after the commit.

    Raises:
        HeldError: a hold stands against it; nothing was changed.
    """
    eraser = _eraser_of(class_id)
    reach = eraser.reach(class_id, record_id)
    clearance = holds.clear(*reach.subjects)
    one = Erasing(class_id, record_id, batch, now)
    if eraser.before is not None:
        eraser.before(one)
    for rule in erasures_of(class_id):
        _apply(rule, reach.ids, clearance, now)
    db.session.flush()
    db.session.expire_all()
    eraser.after(one)
    db.session.flush()
    db.session.expire_all()
    return reach.objects


def _apply(rule: Erasure, ids: Mapping[str, Sequence[UUID]], clearance: Clearance, now: datetime) -> None:
    if rule.fate is Fate.LEAVE:
        return
    table = Model.metadata.tables[rule.table]
    which: ColumnElement[bool] = table.c[rule.link].in_(ids[points_at(table, rule.link)])
    if rule.unless:
        which = and_(which, table.c[rule.unless].is_(False))
    if "data_key_id" in table.c:
        for key in db.session.scalars(select(DataKey).where(DataKey.id.in_(select(table.c.data_key_id).where(which)))):
            erase(key, clearance, now)
        db.session.flush()
    if rule.fate is Fate.DELETE:
        db.session.execute(delete(table).where(which))
        return
    emptied = emptied_columns(table, rule.also_empty)
    if emptied:
        db.session.execute(update(table).where(which).values(emptied))


def points_at(table: Table, column: str) -> str:
    """Return the table a column names rows of: the id of a table names its own."""
    return next((key.column.table.name for key in table.c[column].foreign_keys), table.name)


def emptied_columns(table: Table, also: Sequence[str]) -> dict[str, ColumnElement[Any]]:
    """Return what the sealed columns of a table are set to, and those named beside them: nothing.

    A sealed column that was filled stays filled with no bytes, so that what the table says of itself still holds.
    """
    filled: dict[str, ColumnElement[Any]] = {
        column.name: sql_case((column.is_(None), null()), else_=literal(EMPTY, LargeBinary))
        for column in table.columns
        if column.name.endswith(SEALED)
    }
    return {**filled, **{name: null() for name in also}}
