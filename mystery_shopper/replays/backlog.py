"""The backlog: every open case, whoever may see it, as re-triage reads it. No page shows what is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import DataKey, StoredKey
from mystery_shopper.replays.models import CaseSnapshot
from mystery_shopper.replays.policy import Standing
from mystery_shopper.rules.results import Outcome


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as a replay reads it; `number` and `facts_sealed` are None before the rules were first applied."""

    serial: int
    id: UUID
    reference: str
    authority_id: UUID | None
    number: int | None
    facts_sealed: bytes | None
    key: StoredKey


def _is_open() -> ColumnElement[bool]:
    """A case that is not finished, and has not been erased."""
    return and_(Case.state.not_in(FINISHED), DataKey.erased_at.is_(None))


def _is_behind(number: int) -> ColumnElement[bool]:
    return or_(CaseSnapshot.catalogue_number.is_(None), CaseSnapshot.catalogue_number < number)


def read_open_cases(after: int, *, limit: int, behind: int | None = None) -> list[OpenCase]:
    """Return the next open cases by serial.

    With `behind`, only those not yet judged by that version of the catalogue, locked until the commit.
    """
    key = Case.data_key_id
    statement = (
        select(
            Case.serial,
            Case.id,
            Case.reference,
            Case.authority_id,
            CaseSnapshot.catalogue_number,
            CaseSnapshot.facts_sealed,
            DataKey.id,
            DataKey.wrapping_key_id,
            DataKey.wrapped,
        )
        .select_from(Case)
        .join(DataKey, DataKey.id == key)
        .outerjoin(CaseSnapshot, CaseSnapshot.case_id == Case.id)
        .where(Case.serial > after, _is_open())
        .order_by(Case.serial)
        .limit(limit)
    )
    if behind is not None:
        statement = statement.where(_is_behind(behind)).with_for_update(of=Case)
    rows = db.session.execute(statement)
    return [
        OpenCase(serial, case_id, reference, authority_id, number, facts, StoredKey(key_id, wrapping, wrapped))
        for serial, case_id, reference, authority_id, number, facts, key_id, wrapping, wrapped in rows
    ]


def read_standings(first: int, last: int, rule_ids: Iterable[str]) -> dict[UUID, dict[str, Standing]]:
    """Return how these rules stand on the cases with serials from `first` to `last`, by case and rule."""
    rows = db.session.execute(
        select(Flag.case_id, Flag.rule_id, Flag.outcome, Flag.severity, Flag.decision)
        .join(Case, Case.id == Flag.case_id)
        .where(Case.serial >= first, Case.serial <= last, Flag.is_current, Flag.rule_id.in_(sorted(rule_ids)))
    )
    found: dict[UUID, dict[str, Standing]] = {}
    for case_id, rule_id, outcome, severity, decision in rows:
        standing = Standing(Outcome(outcome), severity, decision is not FlagDecision.UNDECIDED)
        found.setdefault(case_id, {})[rule_id] = standing
    return found


def count_open_cases(*, behind: int | None = None) -> int:
    """Return how many cases a replay looks at; with `behind`, those not yet judged by that version."""
    statement = select(func.count()).select_from(Case).join(DataKey, DataKey.id == Case.data_key_id).where(_is_open())
    if behind is not None:
        statement = statement.outerjoin(CaseSnapshot, CaseSnapshot.case_id == Case.id).where(_is_behind(behind))
    return db.session.scalars(statement).one()


def case_to_judge(case_id: UUID, *, lock: bool = False) -> Case:
    """Return a case of the backlog whole; with `lock`, nobody else changes it before the commit."""
    return get_case_for_update(case_id, lock=lock)
