"""Repeat patterns: one authority with several upheld cases on the same rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

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


@dataclass(frozen=True)
class Pattern:
    """One authority, one rule, and the upheld cases behind it, newest first; `last` is the latest answer to it."""

    authority: Authority
    rule_id: str
    title: str
    cases: tuple[Case, ...]
    last: PatternDecision | None

    @property
    def key(self) -> str:
        """Return what names the pattern in a form."""
        return self.rule_id


def patterns_of(authority: Authority | None, user: StaffMember, *, today: date) -> list[Pattern]:
    """Return the repeat patterns of an authority that still ask for an answer, among the cases the person may see."""
    return [] if authority is None else _patterns(user, today, authority.id)


def all_patterns(user: StaffMember, *, today: date) -> list[Pattern]:
    """Return the repeat patterns of every authority that still ask for an answer, most cases first."""
    return sorted(_patterns(user, today, None), key=lambda one: (-len(one.cases), one.authority.name, one.rule_id))


def _patterns(user: StaffMember, today: date, authority_id: UUID | None) -> list[Pattern]:
    enough = thresholds()[Threshold.REPEAT_CASES]
    query = (
        select(Case.authority_id, Flag.rule_id)
        .where(visible_to(user), *_upheld(today))
        .group_by(Case.authority_id, Flag.rule_id)
        .having(func.count(Case.id.distinct()) >= enough)
    )
    if authority_id is not None:
        query = query.where(Case.authority_id == authority_id)
    found = []
    for one_authority, rule_id in db.session.execute(query).all():
        authority = db.session.get_one(Authority, one_authority)
        last = last_decision(authority.id, rule_id)
        cases = _cases(user, today, authority.id, rule_id, since=last.decided_at if last else None)
        if len(cases) >= enough:
            found.append(Pattern(authority, rule_id, rule_titles().get(rule_id, rule_id), tuple(cases), last))
    return sorted(found, key=lambda one: (-len(one.cases), one.rule_id))


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


def _cases(
    user: StaffMember, today: date, authority_id: UUID, rule_id: str, *, since: datetime | None
) -> Sequence[Case]:
    found = select(Case.id).where(
        visible_to(user), *_upheld(today), Case.authority_id == authority_id, Flag.rule_id == rule_id
    )
    if since is not None:
        found = found.where(Outcome.recorded_at > since)
    ordered = select(Case).where(Case.id.in_(found)).order_by(Case.received_on.desc(), Case.serial)
    return db.session.scalars(ordered).all()


def last_decision(authority_id: UUID, rule_id: str) -> PatternDecision | None:
    """Return the latest answer to a pattern."""
    return db.session.scalar(
        select(PatternDecision)
        .where(PatternDecision.authority_id == authority_id, PatternDecision.rule_id == rule_id)
        .order_by(PatternDecision.decided_at.desc())
        .limit(1)
    )
