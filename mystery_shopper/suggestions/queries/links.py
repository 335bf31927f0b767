"""Reads of the suppliers' cases about what a suggestion is about: cases with a flag of the same rule."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.rules.results import Outcome
from mystery_shopper.suggestions.journey import rules_of


@dataclass(frozen=True)
class CaseLink:
    """How many cases have a flag of a rule: in all (a bare number, as on the page of the rule), and of those the
    person may open."""

    rule_id: str
    title: str
    in_all: int
    visible: int


def cases_with_flag(family: str, rule_id: str | None, user: StaffMember) -> list[CaseLink]:
    """Return the links for the rule of a suggestion, or for every rule of its kind of barrier when none is named.

    A flag that a person overruled does not count.
    """
    titles = rules_of(family)
    wanted = {rule_id: titles.get(rule_id, rule_id)} if rule_id else titles
    in_all = _count(tuple(wanted))
    seen = db.session.execute(
        select(Flag.rule_id, func.count(distinct(Flag.case_id)))
        .join(Case, Case.id == Flag.case_id)
        .where(visible_to(user), *_raised(tuple(wanted)))
        .group_by(Flag.rule_id)
    )
    visible = {row[0]: row[1] for row in seen}
    return [CaseLink(one, title, in_all.get(one, 0), visible.get(one, 0)) for one, title in wanted.items()]


def public_cases_with_flag(rule_id: str) -> int:
    """Return how many cases have a flag of a rule. The public only reads it through `policy.shown_number`."""
    return _count((rule_id,)).get(rule_id, 0)


def _count(rule_ids: tuple[str, ...]) -> dict[str, int]:
    rows = db.session.execute(
        select(Flag.rule_id, func.count(distinct(Flag.case_id))).where(*_raised(rule_ids)).group_by(Flag.rule_id)
    )
    return {row[0]: row[1] for row in rows}


def _raised(rule_ids: tuple[str, ...]) -> tuple[ColumnElement[bool], ...]:
    return (
        Flag.rule_id.in_(rule_ids),
        Flag.is_current.is_(True),
        Flag.outcome == Outcome.RAISED.value,
        Flag.decision != FlagDecision.OVERRULED,
    )
