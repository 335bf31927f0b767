"""Taking in results the scheme published before. Importing the same rows again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.authorities.policy import NameIndex
from mystery_shopper.authorities.queries import list_known_names
from mystery_shopper.core.db import db
from mystery_shopper.publication.models import PublishedResult
from mystery_shopper.publication.policy import Period, ResultSource
from mystery_shopper.publication.reading import ImportedRow
from mystery_shopper.publication.services.releasing import index_words

BATCH = 500


@dataclass(frozen=True)
class ImportReport:
    """What an import did: rows added, rows that were there already, added rows whose authority is in the register."""

    added: int
    known: int
    matched: int


def import_results(
    rows: Sequence[ImportedRow], *, is_demonstration: bool = False, actor: str, now: datetime
) -> ImportReport:
    """Add the rows that are not there yet; each is linked to the register's authority when its name is certain."""
    known = _known_references([row.reference for row in rows])
    fresh = [row for row in rows if row.reference not in known]
    index = NameIndex(list_known_names()) if fresh else NameIndex[UUID](())
    added = [_add(row, index.recognise(row.authority).key, is_demonstration) for row in fresh]
    db.session.flush()
    if fresh:
        audit.record(Action.RESULTS_IMPORTED, actor=actor, subject="published-results", subject_id=len(fresh), now=now)
    matched = sum(result.authority_id is not None for result in added)
    return ImportReport(added=len(added), known=len(rows) - len(added), matched=matched)


def _known_references(references: Sequence[str]) -> set[str]:
    column = PublishedResult.public_reference
    found: set[str] = set()
    for start in range(0, len(references), BATCH):
        found.update(db.session.scalars(select(column).where(column.in_(references[start : start + BATCH]))))
    return found


def _add(row: ImportedRow, authority_id: UUID | None, is_demonstration: bool) -> PublishedResult:
    result = PublishedResult(
        public_reference=row.reference,
        source=ResultSource.IMPORT,
        authority_id=authority_id,
        authority_name=row.authority,
        period=Period(row.year, row.month).number,
        subject=row.subject,
        sub_issue=row.sub_issue,
        issue_text=row.issue,
        outcome_text=row.outcome,
        is_demonstration=is_demonstration,
    )
    index_words(result)
    db.session.add(result)
    return result
