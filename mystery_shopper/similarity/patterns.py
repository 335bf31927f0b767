"""Repeat patterns: one authority with several upheld cases on the same rule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case, Flag
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.db import db
from mystery_shopper.interventions.models import Outcome
from mystery_shopper.interventions.policy import Upheld
from mystery_shopper.similarity.models import PatternDecision
from mystery_shopper.similarity.policy import Threshold, thresholds
from mystery_shopper.similarity.queries import rule_titles, stands

UPHELD = (Upheld.YES, Upheld.PARTLY)
CASES_SHOWN = 10
CASES_READ = 100
"""The case page reads no more upheld cases of an authority than its newest, however many there are."""

T = TypeVar("T", Case, Authority)
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Sighting:
    """A rule on which cases of an authority were upheld again and again; `newest` are references, at most CASES_SHOWN.

    `is_least`: there are as many or more, because only the newest cases of the authority were read.
    """

    rule_id: str
    title: str
    count: int
    newest: tuple[str, ...]
    is_least: bool

    @property
    def more(self) -> int:
        """Return how many cases there are beside those shown."""
        return self.count - len(self.newest)


@dataclass(frozen=True)
class Pattern:
    """One authority, one rule, and the upheld cases behind it; `last` is the latest answer to it.

    `count` is how many cases there are, `cases` the newest of them, at most CASES_SHOWN.
    """

    authority: Authority
    rule_id: str
    title: str
    count: int
    cases: tuple[Case, ...]
    last: PatternDecision | None

    @property
    def key(self) -> str:
        """Return what names the pattern in a form."""
        return self.rule_id

    @property
    def more(self) -> int:
        """Return how many cases there are beside those shown."""
        return self.count - len(self.cases)


def sightings_of(authority_id: UUID | None, user: StaffMember, *, today: date) -> list[Sighting]:
    """Return what the case page says of an authority: the repeat patterns among its CASES_READ newest upheld cases."""
    if authority_id is None:
        return []
    rows = db.session.execute(_flags_of_newest(authority_id, user, today)).all()
    is_least = len({row.id for row in rows}) == CASES_READ
    found: dict[str, dict[UUID, str]] = {}
    for row in rows:
        if row.rule_id is not None:
            found.setdefault(row.rule_id, {})[row.id] = row.reference
    titles, least = rule_titles(), thresholds()[Threshold.REPEAT_CASES]
    sightings = [
        Sighting(rule_id, titles.get(rule_id, rule_id), len(cases), tuple(cases.values())[:CASES_SHOWN], is_least)
        for rule_id, cases in found.items()
        if len(cases) >= least
    ]
    return sorted(sightings, key=lambda one: (-one.count, one.rule_id))


def _flags_of_newest(authority_id: UUID, user: StaffMember, today: date) -> Select[UUID, str, str]:
    """Return the query of the newest upheld cases, once for each rule that stands; the rule is NULL where none does."""
    newest = (
        select(Case.id, Case.reference, Case.authority_id, Case.received_on, Case.serial, Outcome.recorded_at)
        .where(visible_to(user), Case.authority_id == authority_id, *_upheld(today))
        .order_by(Case.received_on.desc(), Case.serial.desc())
        .limit(CASES_READ)
        .subquery()
    )
    counts = and_(Flag.case_id == newest.c.id, *stands(), ~_answered(newest.c.authority_id, newest.c.recorded_at))
    return (
        select(newest.c.id, newest.c.reference, Flag.rule_id)
        .outerjoin(Flag, counts)
        .order_by(newest.c.received_on.desc(), newest.c.serial.desc())
    )


def patterns_of(authority: Authority | None, user: StaffMember, *, today: date) -> list[Pattern]:
    """Return the repeat patterns of an authority that still ask for an answer, among the cases the person may see."""
    return [] if authority is None else _patterns(user, today, authority.id)


def all_patterns(user: StaffMember, *, today: date) -> list[Pattern]:
    """Return the repeat patterns of every authority that still ask for an answer, most cases first."""
    return sorted(_patterns(user, today, None), key=lambda one: (-one.count, one.authority.name, one.rule_id))


def references_of(pattern: Pattern, user: StaffMember, *, today: date) -> list[str]:
    """Return the references of all cases behind a pattern, newest first."""
    found = _matching(user, today, pattern.authority.id).where(Flag.rule_id == pattern.rule_id)
    ordered = found.with_only_columns(Case.reference, Case.received_on, Case.serial)
    return list(db.session.scalars(ordered.order_by(Case.received_on.desc(), Case.serial.desc())))


def _patterns(user: StaffMember, today: date, authority_id: UUID | None) -> list[Pattern]:
    rows = db.session.execute(_newest(_matching(user, today, authority_id))).all()
    cases = _by_id(Case, {row.case_id for row in rows})
    authorities = _by_id(Authority, {row.authority_id for row in rows})
    answers, titles, found = _last_decisions(authorities), rule_titles(), []
    for key, some in groupby(rows, key=lambda row: (row.authority_id, row.rule_id)):
        shown = tuple(some)
        found.append(
            Pattern(
                authority=authorities[key[0]],
                rule_id=key[1],
                title=titles.get(key[1], key[1]),
                count=shown[0].cases,
                cases=tuple(cases[row.case_id] for row in shown),
                last=answers.get(key),
            )
        )
    return sorted(found, key=lambda one: (-one.count, one.rule_id))


def _matching(user: StaffMember, today: date, authority_id: UUID | None) -> Select[UUID | None, str, UUID, date, int]:
    """Return the query of the cases that count, once for each of their rules: upheld since the last answer."""
    flagged = [Flag.case_id == Case.id, *stands(), ~_answered(Case.authority_id, Outcome.recorded_at)]
    columns = (Case.authority_id, Flag.rule_id, Case.id.label("case_id"), Case.received_on, Case.serial)
    query = select(*columns).where(visible_to(user), *_upheld(today), *flagged).distinct()
    return query if authority_id is None else query.where(Case.authority_id == authority_id)


def _answered(authority_id: Column, recorded_at: Column) -> ColumnElement[bool]:
    """Return the condition that somebody answered the pattern since the outcome was recorded."""
    return (
        select(PatternDecision.id)
        .where(
            PatternDecision.authority_id == authority_id,
            PatternDecision.rule_id == Flag.rule_id,
            PatternDecision.decided_at >= recorded_at,
        )
        .exists()
    )


def _newest(matching: Select[UUID | None, str, UUID, date, int]) -> Select[UUID, str, UUID, int]:
    """Return the query of the newest cases of each pattern, with how many cases it has: one statement for all."""
    one = matching.subquery()
    group, newest = (one.c.authority_id, one.c.rule_id), (one.c.received_on.desc(), one.c.serial.desc())
    ranked = select(
        *group,
        one.c.case_id,
        func.count().over(partition_by=group).label("cases"),
        func.row_number().over(partition_by=group, order_by=newest).label("place"),
    ).subquery()
    return (
        select(ranked.c.authority_id, ranked.c.rule_id, ranked.c.case_id, ranked.c.cases)
        .where(ranked.c.cases >= thresholds()[Threshold.REPEAT_CASES], ranked.c.place <= CASES_SHOWN)
        .order_by(ranked.c.authority_id, ranked.c.rule_id, ranked.c.place)
    )


def _by_id(model: type[T], ids: Collection[UUID]) -> dict[UUID, T]:
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _last_decisions(authority_ids: Collection[UUID]) -> dict[tuple[UUID, str], PatternDecision]:
    """Return the latest answer to each pattern of some authorities."""
    rows = db.session.scalars(
        select(PatternDecision)
        .where(PatternDecision.authority_id.in_(authority_ids))
        .order_by(PatternDecision.decided_at)
    )
    return {(row.authority_id, row.rule_id): row for row in rows}


def _upheld(today: date) -> list[ColumnElement[bool]]:
    """Return the conditions that join cases to their outcomes, for upheld cases of the time that counts."""
    since = add_months(today, -thresholds()[Threshold.REPEAT_MONTHS])
    return [
        Outcome.case_id == Case.id,
        Outcome.is_current.is_(True),
        Outcome.upheld.in_(UPHELD),
        Outcome.reached_on >= since,
        Case.authority_id.is_not(None),
    ]


def last_decision(authority_id: UUID, rule_id: str) -> PatternDecision | None:
    """Return the latest answer to a pattern."""
    return db.session.scalar(
        select(PatternDecision)
        .where(PatternDecision.authority_id == authority_id, PatternDecision.rule_id == rule_id)
        .order_by(PatternDecision.decided_at.desc())
        .limit(1)
    )
