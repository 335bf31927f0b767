"""Erasing what is due: keys first, then rows and words, table by table as `data/erasure.csv` says.

A case stands for itself and for the cases that were joined to it. What stays is fit for statistics: dates of the case,
authority, rule ids, outcomes, and events without their content. The audit log is not touched.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Table, delete, literal, null, select, update
from sqlalchemy import case as sql_case

from mystery_shopper.cases.models import Case, CaseJoin, Report
from mystery_shopper.cases.search import remove_case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import Model, day_of, db
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import Clearance, DataKey, erase
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.holds import services as holds
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.retention.events import CaseErased, IdentityErased
from mystery_shopper.retention.policy import CASE_FILE, Erasure, Fate, erasures_of

SEALED = "_sealed"
EMPTY = b""


def subjects_of(cases: Sequence[Case]) -> list[Subject]:
    """Return everything a hold could be on that stands against erasing these cases."""
    found = [Subject(HoldScope.CASE, case.id) for case in cases]
    return found + [Subject(HoldScope.AUTHORITY, case.authority_id) for case in cases if case.authority_id is not None]


def family_of(case: Case) -> list[Case]:
    """Return a case and every case that was joined to it, and to those: they go together."""
    found, waiting = [case], [case]
    while waiting:
        joins = db.session.scalars(
            select(CaseJoin).where(CaseJoin.kept_id == waiting.pop().id, CaseJoin.undone_at.is_(None))
        ).all()
        new = [join.joined for join in joins if join.joined not in found]
        found += new
        waiting += new
    return found


def reports_of(cases: Sequence[Case]) -> list[UUID]:
    """Return the reports that are in these cases."""
    return list(db.session.scalars(select(Report.id).where(Report.case_id.in_([case.id for case in cases]))))


def erase_record(class_id: str, case: Case, *, batch: int, now: datetime) -> list[str]:
    """Erase what a class means of a case. The case must be locked.

    Returns:
        Names of stored files that are noise now, to be deleted after the commit.

    Raises:
        HeldError: a hold stands against it; nothing was changed.
    """
    family = family_of(case)
    reports = reports_of(family)
    clearance = holds.clear(*subjects_of(family))
    event = CaseErased(batch=batch) if class_id == CASE_FILE else IdentityErased(batch=batch)
    record(case, event, actor=SYSTEM, now=now)
    objects = _objects_of(reports, family) if class_id == CASE_FILE else []
    ids = {"case": [one.id for one in family], "report": reports}
    for rule in erasures_of(class_id):
        _apply(rule, ids, clearance, now)
    if class_id == CASE_FILE:
        _close(family, now)
    db.session.flush()
    db.session.expire_all()
    return objects


def _objects_of(reports: Sequence[UUID], family: Sequence[Case]) -> list[str]:
    of_case = EvidenceFile.case_id.in_([case.id for case in family])
    rows = db.session.execute(
        select(EvidenceFile.object_name, EvidenceFile.copy_name).where(EvidenceFile.report_id.in_(reports) | of_case)
    )
    return [name for row in rows for name in row if name is not None]


def _apply(rule: Erasure, ids: dict[str, list[UUID]], clearance: Clearance, now: datetime) -> None:
    table = Model.metadata.tables[rule.table]
    link = table.c[rule.link]
    which = link.in_(ids["report"] if _points_at(table, rule.link) == "reports" else ids["case"])
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


def _points_at(table: Table, column: str) -> str:
    """Return the table a column names rows of: `cases` names its own."""
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


def _close(family: Sequence[Case], now: datetime) -> None:
    ids = [case.id for case in family]
    for case in family:
        remove_case(db.session(), case.serial)
    cases = Model.metadata.tables[Case.__tablename__]
    db.session.execute(update(cases).where(cases.c.id.in_(ids)).values(erased_on=day_of(now)))
