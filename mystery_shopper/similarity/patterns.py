"""Repeat patterns: one authority with several upheld cases on the same rule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

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

T = TypeVar("T", Case, Authority)


@dataclass(frozen=True)
class Sighting:
    """One authority, one rule, and how many cases were upheld; `newest` are (id, reference), at most CASES_SHOWN."""

    authority_id: UUID
    rule_id: str
    title: str
    count: int
    newest: tuple[tuple[UUID, str], ...]

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
    """Return what the case page says of an authority: its repeat patterns, and no case of them is opened."""
    return [] if authority_id is None else _sightings(user, today, authority_id)


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
    return list(db.session.scalars(ordered.order_by(Case.received_on.desc(), Case.serial)))


def _patterns(user: StaffMember, today: date, authority_id: UUID | None) -> list[Pattern]:
    sightings = _sightings(user, today, authority_id)
    cases = _by_id(Case, {case_id for one in sightings for case_id, _ in one.newest})
    authorities = _by_id(Authority, {one.authority_id for one in sightings})
    answers = _last_decisions(authorities)
    return [
        Pattern(
            authority=authorities[one.authority_id],
            rule_id=one.rule_id,
            title=one.title,
            count=one.count,
            cases=tuple(cases[case_id] for case_id, _ in one.newest),
            last=answers.get((one.authority_id, one.rule_id)),
        )
        for one in sightings
    ]


def _sightings(user: StaffMember, today: date, authority_id: UUID | None) -> list[Sighting]:
    """Return the patterns that ask for an answer, most cases first: one statement."""
    rows = db.session.execute(_newest(_matching(user, today, authority_id))).all()
    titles = rule_titles()
    found = []
    for (body, rule_id), some in groupby(rows, key=lambda row: (row.authority_id, row.rule_id)):
        cases = tuple(some)
        newest = tuple((row.case_id, row.reference) for row in cases)
        found.append(Sighting(body, rule_id, titles.get(rule_id, rule_id), cases[0].cases, newest))
    return sorted(found, key=lambda one: (-one.count, one.rule_id))


def _matching(
    user: StaffMember, today: date, authority_id: UUID | None
) -> Select[UUID | None, str, UUID, str, date, int]:
    """Return the query of the cases that count, once for each of their rules: upheld since the last answer."""
    answered = select(PatternDecision.id).where(
        PatternDecision.authority_id == Case.authority_id,
        PatternDecision.rule_id == Flag.rule_id,
        PatternDecision.decided_at >= Outcome.recorded_at,
    )
    columns = (Case.authority_id, Flag.rule_id, Case.id.label("case_id"), Case.reference, Case.received_on, Case.serial)
    query = select(*columns).where(visible_to(user), *_upheld(today), ~answered.exists()).distinct()
    return query if authority_id is None else query.where(Case.authority_id == authority_id)


def _newest(matching: Select[UUID | None, str, UUID, str, date, int]) -> Select[UUID, str, UUID, str, int]:
    """Return the query of the newest cases of each pattern, with how many cases it has: one statement for all."""
    one = matching.subquery()
    group = (one.c.authority_id, one.c.rule_id)
    ranked = select(
        *group,
        one.c.case_id,
        one.c.reference,
        func.count().over(partition_by=group).label("cases"),
        func.row_number().over(partition_by=group, order_by=(one.c.received_on.desc(), one.c.serial)).label("place"),
    ).subquery()
    return (
        select(ranked.c.authority_id, ranked.c.rule_id, ranked.c.case_id, ranked.c.reference, ranked.c.cases)
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
    """Return the conditions that join cases to their outcomes and flags, for upheld cases of the time that counts."""
    since = add_months(today, -thresholds()[Threshold.REPEAT_MONTHS])
    return [
        Outcome.case_id == Case.id,
        Flag.case_id == Case.id,
        Outcome.is_current.is_(True),
        Outcome.upheld.in_(UPHELD),
        Outcome.reached_on >= since,
        Case.authority_id.is_not(None),
        *stands(),
    ]


def last_decision(authority_id: UUID, rule_id: str) -> PatternDecision | None:
    """Return the latest answer to a pattern."""
    return db.session.scalar(
        select(PatternDecision)
        .where(PatternDecision.authority_id == authority_id, PatternDecision.rule_id == rule_id)
        .order_by(PatternDecision.decided_at.desc())
        .limit(1)
    )
