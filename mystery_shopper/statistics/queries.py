"""Counts over all cases that may be counted for the public, each by one grouped query. No case is named.

Counted are concerns that suppliers and trade bodies brought: not spot checks, not what commissioners wrote, and one
that was joined to another only as part of that. What is demonstration is counted only where everything is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from mystery_shopper.cases.models import Case, FeedbackQuestion, FeedbackTally, Flag, FlagDecision, Origin
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.calendar import financial_year
from mystery_shopper.core.db import db
from mystery_shopper.core.sqldates import days_between
from mystery_shopper.interventions.models import Outcome, Upheld
from mystery_shopper.interventions.policy import WITHOUT_FINDING
from mystery_shopper.rules.catalogue import Family
from mystery_shopper.statistics.policy import first_day

COUNTED_ORIGINS = (Origin.SUPPLIER, Origin.TRADE_BODY)
RAISED = "raised"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which cases are counted: up to a day, the years shown (oldest first), with demonstration cases or without."""

    until: date
    years: Sequence[int]
    with_demonstration: bool

    def year_of(self, column: Any) -> ColumnElement[int]:
        """Return the financial year of a column of dates; None for a day that is not counted."""
        ends = [(column < first_day(year + 1), year) for year in self.years[:-1]]
        return case(*ends, else_=self.years[-1])

    def counts(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that something happened on a day that is counted, to a case that is."""
        is_real = true() if self.with_demonstration else Case.is_demonstration.is_(False)
        return and_(
            column >= first_day(self.years[0]),
            column <= self.until,
            Case.origin.in_(COUNTED_ORIGINS),
            Case.state != CaseState.JOINED,
            is_real,
        )


def scope_of(until: date, years_shown: int, *, with_demonstration: bool) -> Scope:
    """Return the scope of the last years up to a day."""
    last = financial_year(until)
    return Scope(until=until, years=range(last - years_shown + 1, last + 1), with_demonstration=with_demonstration)


def count_received(scope: Scope) -> dict[int, int]:
    """Return how many concerns came, by year."""
    return _by_year(scope, Case.received_on)


def count_closed(scope: Scope) -> dict[int, int]:
    """Return how many cases were closed, by year."""
    return _by_year(scope, Case.closed_on)


def _by_year(scope: Scope, column: Any) -> dict[int, int]:
    year = scope.year_of(column)
    rows = db.session.execute(select(year, func.count()).select_from(Case).where(scope.counts(column)).group_by(year))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Taken:
    """How many results took so many days; `on_target` is None where there was no target."""

    year: int
    days: int
    on_target: bool | None
    number: int


def count_days(scope: Scope) -> list[Taken]:
    """Return how long results took, from the day of receipt, and whether they met the target, by year."""
    year, days = scope.year_of(Outcome.reached_on), days_between(Case.received_on, Outcome.reached_on)
    on_target = Outcome.reached_on <= Case.target_on
    rows = db.session.execute(
        select(year, days, on_target, func.count())
        .select_from(Outcome)
        .join(Case, Case.id == Outcome.case_id)
        .where(_is_result(scope))
        .group_by(year, days, on_target)
    )
    return [Taken(found, took, met, number) for found, took, met, number in rows]


def _is_result(scope: Scope) -> ColumnElement[bool]:
    return and_(Outcome.is_current, Outcome.code.not_in(WITHOUT_FINDING), scope.counts(Outcome.reached_on))


@dataclass(frozen=True)
class Came:
    """How many results were of one kind, and what was paid in them. `paid` says whether anything was."""

    year: int
    upheld: Upheld
    positive: bool
    paid: bool
    number: int
    pence: int


def count_outcomes(scope: Scope) -> list[Came]:
    """Return what came of the cases with a result, by year."""
    year, paid = scope.year_of(Outcome.reached_on), Outcome.money_freed_pence > 0
    rows = db.session.execute(
        select(year, Outcome.upheld, Outcome.positive, paid, func.count(), func.sum(Outcome.money_freed_pence))
        .select_from(Outcome)
        .join(Case, Case.id == Outcome.case_id)
        .where(_is_result(scope))
        .group_by(year, Outcome.upheld, Outcome.positive, paid)
    )
    return [
        Came(found, upheld, positive, bool(is_paid), number, int(pence))
        for found, upheld, positive, is_paid, number, pence in rows
    ]


def count_themes(scope: Scope, kinds: Sequence[Family]) -> dict[tuple[str, int], int]:
    """Return in how many concerns a rule of each kind of barrier was raised, by kind and year of receipt."""
    year = scope.year_of(Case.received_on)
    theme = case(*((Flag.rule_id.in_(one.rules), one.id) for one in kinds), else_="")
    rows = db.session.execute(
        select(theme, year, func.count(Case.id.distinct())).where(_has_flag(scope)).group_by(theme, year)
    )
    return {(found, received): number for found, received, number in rows if found}


def count_with_theme(scope: Scope) -> dict[int, int]:
    """Return in how many concerns any rule was raised, by year of receipt: the base of the themes."""
    year = scope.year_of(Case.received_on)
    rows = db.session.execute(select(year, func.count(Case.id.distinct())).where(_has_flag(scope)).group_by(year))
    return {row[0]: row[1] for row in rows}


def _has_flag(scope: Scope) -> ColumnElement[bool]:
    return and_(
        Flag.case_id == Case.id,
        Flag.is_current,
        Flag.outcome == RAISED,
        Flag.decision != FlagDecision.OVERRULED,
        scope.counts(Case.received_on),
    )


def count_feedback(years: Sequence[int]) -> dict[tuple[FeedbackQuestion, int], dict[str, int]]:
    """Return what reporters said, by question and year: tallies that are tied to no case."""
    rows = db.session.scalars(select(FeedbackTally).where(FeedbackTally.year.in_(years), FeedbackTally.count > 0))
    found: dict[tuple[FeedbackQuestion, int], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row.question, row.year), {})[row.answer] = row.count
    return found
