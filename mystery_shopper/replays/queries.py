"""Reads of re-triage: versions of the catalogue, replays and their changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import Cursor, Page, make_page, whole_number
from mystery_shopper.replays.models import CatalogueVersion, Replay, ReplayChange
from mystery_shopper.replays.states import RUNNING, Change, Phase, ReplayState

CHANGES_A_PAGE = 50


def read_authorities(ids: Iterable[UUID]) -> Mapping[UUID, Authority]:
    """Return authorities of the register by id."""
    found = db.session.scalars(select(Authority).where(Authority.id.in_(list(ids))))
    return {authority.id: authority for authority in found}


def rule_versions_of(number: int) -> Mapping[str, str] | None:
    """Return the version of each rule in a version of the catalogue, None when that is not on record."""
    return db.session.scalar(select(CatalogueVersion.rule_versions).where(CatalogueVersion.number == number))


def list_versions() -> Sequence[CatalogueVersion]:
    """Return the versions of the catalogue that were ever in force, newest first."""
    return db.session.scalars(select(CatalogueVersion).order_by(CatalogueVersion.number.desc())).all()


def newest_version() -> CatalogueVersion | None:
    """Return the version of the catalogue in force, None when none is on record."""
    return db.session.scalar(select(CatalogueVersion).order_by(CatalogueVersion.number.desc()).limit(1))


def get_version(number: int) -> CatalogueVersion:
    """Return a version of the catalogue with its files.

    Raises:
        NotFoundError: there is none of that number.
    """
    found = db.session.get(CatalogueVersion, number)
    if found is None:
        raise NotFoundError
    return found


def list_replays() -> Sequence[Replay]:
    """Return the last replays, newest first."""
    return db.session.scalars(select(Replay).order_by(Replay.created_at.desc(), Replay.id).limit(50)).all()


def get_replay(replay_id: UUID) -> Replay:
    """Return a replay.

    Raises:
        NotFoundError: there is no such replay.
    """
    found = db.session.get(Replay, replay_id)
    if found is None:
        raise NotFoundError
    return found


def lock_replay(replay_id: UUID) -> Replay:
    """Return a replay that nobody else changes before the commit.

    Raises:
        NotFoundError: there is no such replay.
    """
    found = db.session.get(Replay, replay_id, with_for_update={"of": Replay}, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def find_work() -> UUID | None:
    """Return the replay that has waited longest for somebody to go on with it."""
    return db.session.scalar(
        select(Replay.id).where(Replay.state.in_(RUNNING)).order_by(Replay.created_at, Replay.id).limit(1)
    )


def find_in_force(number: int) -> UUID | None:
    """Return the finished replay that put a version in force."""
    return db.session.scalar(select(Replay.id).where(Replay.number == number, Replay.state == ReplayState.APPLIED))


@dataclass(frozen=True)
class RuleTally:
    """How many cases a replay changes for one rule, by change; `kept` of them stay because a person decided."""

    rule_id: str
    counts: Mapping[Change, int]
    kept: int


def tally_changes(replay: Replay, phase: Phase) -> list[RuleTally]:
    """Return the counts of a replay, by rule. They count every case, whoever may see it."""
    rows = db.session.execute(
        select(ReplayChange.rule_id, ReplayChange.change, ReplayChange.is_kept, func.count())
        .where(ReplayChange.replay_id == replay.id, ReplayChange.phase == phase)
        .group_by(ReplayChange.rule_id, ReplayChange.change, ReplayChange.is_kept)
    )
    counts: dict[str, dict[Change, int]] = {}
    kept: dict[str, int] = {}
    for rule_id, change, is_kept, count in rows:
        of_rule = counts.setdefault(rule_id, dict.fromkeys(Change, 0))
        of_rule[change] += count
        kept[rule_id] = kept.get(rule_id, 0) + (count if is_kept else 0)
    return [RuleTally(rule_id, counts[rule_id], kept[rule_id]) for rule_id in sorted(counts)]


def count_cases_changed(replay: Replay, phase: Phase) -> int:
    """Return on how many cases anything changes."""
    return db.session.scalars(
        select(func.count(ReplayChange.case_id.distinct())).where(
            ReplayChange.replay_id == replay.id, ReplayChange.phase == phase
        )
    ).one()


def _visible_changes(replay: Replay, phase: Phase, user: StaffMember) -> Select[ReplayChange]:
    return (
        select(ReplayChange)
        .join(Case, Case.id == ReplayChange.case_id)
        .where(ReplayChange.replay_id == replay.id, ReplayChange.phase == phase, visible_to(user))
    )


def count_visible_cases(replay: Replay, phase: Phase, user: StaffMember) -> int:
    """Return how many of the changed cases this person may see."""
    visible = _visible_changes(replay, phase, user).with_only_columns(func.count(ReplayChange.case_id.distinct()))
    return db.session.scalars(visible).one()


def list_changes(replay: Replay, phase: Phase, user: StaffMember, *, cursor: Cursor | None) -> Page[ReplayChange]:
    """Return a page of the changes on cases this person may see, in order of case and rule."""
    statement = _visible_changes(replay, phase, user).options(joinedload(ReplayChange.case))
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        statement = statement.where(_beyond(cursor))
    order = (ReplayChange.serial, ReplayChange.rule_id)
    statement = statement.order_by(*(column.desc() if backward else column for column in order))
    rows = db.session.scalars(statement.limit(CHANGES_A_PAGE + 1)).all()
    return make_page(rows, size=CHANGES_A_PAGE, cursor=cursor, key=lambda row: (str(row.serial), row.rule_id))


def _beyond(cursor: Cursor) -> ColumnElement[bool]:
    if len(cursor.key) != 2:
        raise NotFoundError
    serial, rule_id = whole_number(cursor.key[0]), cursor.key[1]
    if cursor.is_backward:
        return or_(ReplayChange.serial < serial, and_(ReplayChange.serial == serial, ReplayChange.rule_id < rule_id))
    return or_(ReplayChange.serial > serial, and_(ReplayChange.serial == serial, ReplayChange.rule_id > rule_id))


def list_all_changes(replay: Replay, phase: Phase, user: StaffMember, *, limit: int) -> Sequence[ReplayChange]:
    """Return the changes on cases this person may see, in order, at most `limit`."""
    statement = _visible_changes(replay, phase, user).options(joinedload(ReplayChange.case))
    return db.session.scalars(statement.order_by(ReplayChange.serial, ReplayChange.rule_id).limit(limit)).all()


@dataclass(frozen=True)
class Drift:
    """How applying differed from the comparison, in cases and rules: changes that came or went in between."""

    came: int
    went: int


def drift_of(replay: Replay) -> Drift:
    """Return how the backlog had moved on between the comparison and the applying of a replay."""
    return Drift(
        came=_only_in(replay, Phase.APPLIED, Phase.COMPARED), went=_only_in(replay, Phase.COMPARED, Phase.APPLIED)
    )


def _only_in(replay: Replay, phase: Phase, other_phase: Phase) -> int:
    one, other = ReplayChange.__table__.alias("one"), ReplayChange.__table__.alias("other")
    same = and_(
        other.c.replay_id == one.c.replay_id,
        other.c.phase == other_phase,
        other.c.case_id == one.c.case_id,
        other.c.rule_id == one.c.rule_id,
        other.c.change == one.c.change,
    )
    statement = (
        select(func.count())
        .select_from(one.outerjoin(other, same))
        .where(one.c.replay_id == replay.id, one.c.phase == phase, other.c.id.is_(None))
    )
    return db.session.scalars(statement).one()
