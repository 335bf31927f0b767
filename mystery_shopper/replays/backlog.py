"""The backlog: every open case, whoever may see it, as re-triage reads it. No page shows what is read here."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import DataKey, StoredKey
from mystery_shopper.replays.models import CaseSnapshot
from mystery_shopper.replays.policy import Standing
from mystery_shopper.rules.results import Outcome

RawId: TypeAlias = str | UUID
PAGES_KIB = 32 * 1024
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class OpenCase(NamedTuple):
    """A case as a replay reads it; `number` and `facts_sealed` are None before the rules were first applied.

    Ids are as the database holds them (32 hexadecimal digits, or a UUID): to turn each into an object and back into
    text would cost more than to judge the case.
    """

    serial: int
    id: RawId
    reference: str
    authority_id: RawId | None
    number: int | None
    facts_sealed: bytes | None
    key_id: RawId
    wrapping_key_id: str
    wrapped: bytes

    @property
    def uuid(self) -> UUID:
        """The id as an object."""
        return to_uuid(self.id)

    @property
    def key(self) -> StoredKey:
        """The data key of the case."""
        return StoredKey(written(self.key_id), self.wrapping_key_id, self.wrapped)


def written(raw: RawId) -> str:
    """Return an id as text with hyphens."""
    if isinstance(raw, UUID):
        return str(raw)
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def to_uuid(raw: RawId) -> UUID:
    """Return an id as an object."""
    return raw if isinstance(raw, UUID) else UUID(raw)


def _raw(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> ColumnElement[str]:
    """Return a column of ids that is read as the database holds it."""
    return type_coerce(column, String)


def keep_more_pages() -> None:
    """Let SQLite keep indexes in memory: keys and facts of a batch lie all over the file. PostgreSQL shares its own."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{PAGES_KIB}")


def _is_open() -> ColumnElement[bool]:
    """A case that is not finished, and has not been erased."""
    return and_(Case.state.not_in(FINISHED), DataKey.erased_at.is_(None))


def _is_behind(number: int) -> ColumnElement[bool]:
    return or_(CaseSnapshot.catalogue_number.is_(None), CaseSnapshot.catalogue_number < number)


def read_open_cases(after: int, *, limit: int, behind: int | None = None) -> list[OpenCase]:
    """Return the next open cases by serial.

    With `behind`, only those not yet judged by that version of the catalogue, locked until the commit.
    """
    statement = (
        select(
            Case.serial,
            _raw(Case.id),
            Case.reference,
            _raw(Case.authority_id),
            CaseSnapshot.catalogue_number,
            CaseSnapshot.facts_sealed,
            _raw(DataKey.id),
            DataKey.wrapping_key_id,
            DataKey.wrapped,
        )
        .select_from(Case)
        .join(DataKey, DataKey.id == Case.data_key_id)
        .outerjoin(CaseSnapshot, CaseSnapshot.case_id == Case.id)
        .where(Case.serial > after, _is_open())
        .order_by(Case.serial)
        .limit(limit)
    )
    if behind is not None:
        statement = statement.where(_is_behind(behind)).with_for_update(of=Case)
    return list(map(OpenCase._make, db.session.connection().execute(statement)))


def read_standings(first: int, last: int, rule_ids: Iterable[str]) -> dict[RawId, dict[str, Standing]]:
    """Return how these rules stand on the cases with serials from `first` to `last`, by raw id of the case and rule.

    The rule is compared as an expression, so that the flags are found by their case and not by their rule: the index
    of rules would lead through the whole backlog for every batch.
    """
    rows = db.session.connection().execute(
        select(_raw(Flag.case_id), Flag.rule_id, Flag.outcome, Flag.severity, Flag.decision != FlagDecision.UNDECIDED)
        .join(Case, Case.id == Flag.case_id)
        .where(Case.serial >= first, Case.serial <= last, Flag.is_current)
        .where(Flag.rule_id.concat("").in_(sorted(rule_ids)))
    )
    found: dict[RawId, dict[str, Standing]] = {}
    for case_id, rule_id, outcome, severity, is_decided in rows:
        found.setdefault(case_id, {})[rule_id] = Standing(_OUTCOMES[outcome], severity, bool(is_decided))
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
