"""Stating facts of a case. A new statement replaces the old one and keeps it on record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from mystery_shopper.cases.events import FactsAdded
from mystery_shopper.cases.models import Case, CaseFact, FactSource
from mystery_shopper.cases.services.recording import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.vault import seal, seal_json


@dataclass(frozen=True, kw_only=True)
class NewFact:
    """A fact to state: its id and JSON value as the facts registry writes it, and where it came from."""

    fact_id: str
    value: Any
    source: FactSource
    is_confirmed: bool
    quoted: str = ""


def store_facts(
    case: Case,
    new_facts: Sequence[NewFact],
    *,
    report_id: UUID | None,
    actor: str,
    now: datetime,
    behind: Collection[str] = (),
) -> None:
    """Add fact rows without an event (the report's own event covers those of a report).

    `behind` are the ids of facts that go on record only: what is in force of them stays in force.
    """
    ids = [fact.fact_id for fact in new_facts if fact.fact_id not in behind]
    db.session.execute(
        update(CaseFact)
        .where(CaseFact.case_id == case.id, CaseFact.fact_id.in_(ids), CaseFact.is_current)
        .values(is_current=False)
    )
    for fact in new_facts:
        row_id = new_id()
        quoted = seal(case.data_key, fact.quoted, f"case_facts.quoted:{row_id}") if fact.quoted else None
        db.session.add(
            CaseFact(
                id=row_id,
                case_id=case.id,
                report_id=report_id,
                fact_id=fact.fact_id,
                source=fact.source,
                is_confirmed=fact.is_confirmed,
                is_current=fact.fact_id not in behind,
                actor=actor,
                stated_at=now,
                value_sealed=seal_json(case.data_key, fact.value, f"case_facts.value:{row_id}"),
                quoted_sealed=quoted,
            )
        )
    db.session.flush()


def add_facts(
    case: Case,
    new_facts: Sequence[NewFact],
    *,
    report_id: UUID | None = None,
    actor: str,
    now: datetime,
    behind: Collection[str] = (),
) -> None:
    """State facts after filing, from staff or through the receipt; triage hears of it and applies the rules again.

    For `behind` see `store_facts`.
    """
    store_facts(case, new_facts, report_id=report_id, actor=actor, now=now, behind=behind)
    sources = ", ".join(sorted({fact.source.value for fact in new_facts}))
    event = FactsAdded(fact_ids=tuple(sorted(fact.fact_id for fact in new_facts)), source=sources)
    record(case, event, actor=actor, now=now)
