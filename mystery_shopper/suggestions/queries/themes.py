"""Themes: what commissioners tell us most often, and what it blocks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, select

from mystery_shopper.core.db import db
from mystery_shopper.suggestions.models import Suggestion


class ThemeKind(StrEnum):
    """What suggestions are counted by."""

    FAMILY = "family"
    FORCE = "forced_by"
    BODY = "body"


@dataclass(frozen=True)
class Theme:
    """One theme: suggestions about it, those of them with a value and a number of tenders, and the sum of the products.

    Units: `blocked_pence` is pence a year: value of one contract times tenders a year, over those that give both.
    """

    key: str
    count: int
    with_value: int
    blocked_pence: int

    @property
    def without_value(self) -> int:
        """How many suggestions are not in the sum, because they give no value or no number of tenders."""
        return self.count - self.with_value


def themes_of(kind: ThemeKind, *, since: date | None, until: date | None, by_value: bool) -> list[Theme]:
    """Return the themes of suggestions received from `since` to `until` (both included), the largest first.

    What its commissioner took back does not count.
    With `by_value` by the value blocked, otherwise by the number of suggestions; then by the other, then by name.
    """
    column = _column(kind)
    has_both = and_(Suggestion.value_pence.is_not(None), Suggestion.tenders.is_not(None))
    product = cast(Suggestion.value_pence, BigInteger) * Suggestion.tenders
    conditions: list[ColumnElement[bool]] = [Suggestion.withdrawn_on.is_(None)]
    if since is not None:
        conditions.append(Suggestion.received_on >= since)
    if until is not None:
        conditions.append(Suggestion.received_on <= until)
    rows = db.session.execute(
        select(
            column,
            func.count(),
            func.sum(case((has_both, 1), else_=0)),
            func.coalesce(func.sum(case((has_both, product), else_=0)), 0),
        )
        .where(*conditions)
        .group_by(column)
    )
    found = [Theme(str(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in rows]
    return sorted(found, key=lambda one: (*_rank(one, by_value), one.key))


def _rank(theme: Theme, by_value: bool) -> tuple[int, int]:
    return (-theme.blocked_pence, -theme.count) if by_value else (-theme.count, -theme.blocked_pence)


def _column(kind: ThemeKind) -> ColumnElement[str]:
    columns = {
        ThemeKind.FAMILY: Suggestion.family,
        ThemeKind.FORCE: Suggestion.forced_by,
        ThemeKind.BODY: Suggestion.body_id,
    }
    return columns[kind].expression
