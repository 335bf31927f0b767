"""Reads of similarity: which cases to suggest and why, what staff said of pairs, where reporters differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, CaseFact, CaseJoin, Flag, FlagDecision, Report, ReportContent
from mystery_shopper.cases.policy import join_refusal
from mystery_shopper.cases.queries import find_join, list_facts, list_joins, list_reports, visible_to
from mystery_shopper.cases.search import words
from mystery_shopper.cases.services.joining import candidate
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.results import Outcome as RuleOutcome
from mystery_shopper.similarity import policy
from mystery_shopper.similarity.models import CaseRelation, MarkKind, RelationKind, ReportMark
from mystery_shopper.similarity.policy import Because, Reason, Threshold, thresholds

COMPARED_MAX = 60
RUN_KEY = "similar-runs"


def runs_of_content(content: ReportContent) -> frozenset[int]:
    """Return the keyed runs of what a report says of the requirement and of what happened."""
    said = words(f"{content.requirement}\n{content.narrative}")
    return policy.runs_of(said, keyring().subkey(RUN_KEY))


@dataclass(frozen=True)
class Suggestion:
    """A case that may be about the same thing, with the reasons in words, the strongest first."""

    case: Case
    reasons: tuple[str, ...]
    can_join: bool


def suggestions(case: Case, user: StaffMember, *, today: date) -> list[Suggestion]:
    """Return the cases to look at beside this one, best first, among those the person may see.

    Left out: cases already linked, dismissed or joined, and demonstration cases beside real ones.
    """
    others = [
        Case.id != case.id,
        Case.state != CaseState.JOINED,
        Case.is_demonstration == case.is_demonstration,
        Case.id.not_in([partner.id for partner in _partners(case)]),
    ]
    found: dict[UUID, list[Reason]] = {}
    for case_id, reason in (*_by_marks(case, user, others), *_by_rule(case, user, others, today)):
        found.setdefault(case_id, []).append(reason)
    best = sorted(found, key=lambda case_id: (policy.rank(found[case_id]), str(case_id)), reverse=True)
    shown = best[: thresholds()[Threshold.LONGEST_LIST]]
    seen = db.session.scalars(select(Case).where(Case.id.in_(shown), visible_to(user))) if shown else ()
    cases = {one.id: one for one in seen}
    return [_suggest(case, cases[case_id], found[case_id]) for case_id in shown]


def _suggest(case: Case, other: Case, reasons: Iterable[Reason]) -> Suggestion:
    titles = rule_titles()
    ordered = sorted(reasons, key=lambda reason: list(Because).index(reason.because))
    said = tuple(dict.fromkeys(policy.in_words(reason, titles) for reason in ordered))
    return Suggestion(other, said, bool(ways_to_join(case, other)))


def rule_titles() -> dict[str, str]:
    """Return what the rules of the catalogue are called."""
    return {rule.id: rule.title for rule in catalogue().rules}


def ways_to_join(case: Case, other: Case) -> list[Case]:
    """Return which of two cases can be the one that goes on, the first opened before the later."""
    pairs = sorted(((case, other), (other, case)), key=lambda pair: pair[0].serial)
    return [kept for kept, joined in pairs if join_refusal(candidate(kept), candidate(joined)) is None]


def why_not_joined(case: Case, other: Case) -> str:
    """Return why neither of two cases can become part of the other, in words; empty when one can."""
    refusals = (join_refusal(candidate(kept), candidate(joined)) for kept, joined in ((case, other), (other, case)))
    return ". ".join(dict.fromkeys(refusal for refusal in refusals if refusal)) if not ways_to_join(case, other) else ""


def _by_marks(case: Case, user: StaffMember, others: Sequence[ColumnElement[bool]]) -> list[tuple[UUID, Reason]]:
    mine, theirs = aliased(ReportMark), aliased(ReportMark)
    own = {report.id: report for report in list_reports(case)}
    shared = func.count()
    rows = db.session.execute(
        select(theirs.report_id, Report.case_id, theirs.kind, shared)
        .join(mine, mine.mark == theirs.mark)
        .join(Report, Report.id == theirs.report_id)
        .join(Case, Case.id == Report.case_id)
        .where(mine.report_id.in_(own), visible_to(user), *others)
        .group_by(theirs.report_id, Report.case_id, theirs.kind)
        .order_by(theirs.kind, shared.desc())
        .limit(COMPARED_MAX)
    ).all()
    found = [(case_id, Reason(Because.NOTICE, 1)) for _, case_id, kind, _ in rows if kind is MarkKind.NOTICE]
    alike = {report_id: case_id for report_id, case_id, kind, _ in rows if kind is MarkKind.TEXT_BAND}
    return found + _alike(list(own.values()), alike)


def _alike(own: Sequence[Report], others: Mapping[UUID, UUID]) -> list[tuple[UUID, Reason]]:
    """Compare the texts themselves: the marks only say which are worth opening."""
    texts = [runs_of_content(report.content) for report in own]
    found = []
    for report in db.session.scalars(select(Report).where(Report.id.in_(others))):
        runs = runs_of_content(report.content)
        percent = int(max(policy.likeness(text, runs) for text in texts) * policy.PER_CENT)
        if percent >= thresholds()[Threshold.TEXT]:
            found.append((others[report.id], Reason(Because.TEXT, percent)))
    return found


def stands(flag: type[Flag] = Flag) -> list[ColumnElement[bool]]:
    """Return the conditions under which a flag counts: in force, raised, and not overruled."""
    return [
        flag.is_current.is_(True),
        flag.outcome == RuleOutcome.RAISED.value,
        flag.decision != FlagDecision.OVERRULED,
    ]


def _by_rule(
    case: Case, user: StaffMember, others: Sequence[ColumnElement[bool]], today: date
) -> list[tuple[UUID, Reason]]:
    if case.authority_id is None:
        return []
    own = select(Flag.rule_id).where(Flag.case_id == case.id, *stands())
    since = add_months(today, -thresholds()[Threshold.MONTHS])
    rows = db.session.execute(
        select(Case.id, Flag.rule_id)
        .join(Flag, Flag.case_id == Case.id)
        .where(Case.authority_id == case.authority_id, Flag.rule_id.in_(own), *stands(), visible_to(user), *others)
        .where(or_(Case.closed_on.is_(None), Case.closed_on >= since))
        .order_by(Case.received_on.desc(), Case.serial.desc(), Flag.severity.desc())
        .limit(COMPARED_MAX)
    )
    rules: dict[UUID, list[str]] = {}
    for case_id, rule_id in rows:
        rules.setdefault(case_id, []).append(rule_id)
    return [(case_id, Reason(Because.RULE, len(shared), tuple(shared))) for case_id, shared in rules.items()]


def list_relations(case: Case) -> Sequence[CaseRelation]:
    """Return what stands between this case and others: links and dismissed suggestions, oldest first."""
    return db.session.scalars(
        select(CaseRelation)
        .where(or_(CaseRelation.case_id == case.id, CaseRelation.other_id == case.id), CaseRelation.undone_at.is_(None))
        .order_by(CaseRelation.made_at)
    ).all()


def _partners(case: Case) -> list[Case]:
    return [relation.partner_of(case) for relation in list_relations(case)]


def find_relation(case: Case, other: Case, kind: RelationKind) -> CaseRelation | None:
    """Return what stands between two cases of one kind."""
    known = (relation for relation in list_relations(case) if relation.partner_of(case).id == other.id)
    return next((relation for relation in known if relation.kind is kind), None)


def joins_seen(case: Case, user: StaffMember) -> list[CaseJoin]:
    """Return the joins of a case, as the one that goes on or the one that was joined, whose other case is visible."""
    part_of = find_join(case)
    joins = [*([part_of] if part_of else []), *list_joins(case)]
    partners = [join.kept_id if join.joined_id == case.id else join.joined_id for join in joins]
    visible = _visible(partners, user)
    return [join for join, partner in zip(joins, partners, strict=True) if partner in visible]


def _visible(case_ids: Sequence[UUID], user: StaffMember) -> set[UUID]:
    if not case_ids:
        return set()
    return set(db.session.scalars(select(Case.id).where(visible_to(user), Case.id.in_(case_ids))))


@dataclass(frozen=True)
class RelationView:
    """A link or a dismissed suggestion for a page."""

    relation: CaseRelation
    other: Case
    reason: str


def relation_views(case: Case, user: StaffMember) -> dict[str, list[RelationView]]:
    """Return the relations of a case by kind; those with cases the person may not see are left out."""
    relations = list_relations(case)
    visible = _visible([relation.partner_of(case).id for relation in relations], user)
    grouped: dict[str, list[RelationView]] = {kind.value: [] for kind in RelationKind}
    for relation in relations:
        other = relation.partner_of(case)
        if other.id in visible:
            grouped[relation.kind].append(RelationView(relation, other, relation.reason))
    return grouped


@dataclass(frozen=True)
class Difference:
    """A fact two reporters of one case state differently: what each said, and what counts now."""

    fact_id: str
    title: str
    said: tuple[tuple[int, str], ...]
    in_force: str


def differences(case: Case) -> list[Difference]:
    """Return the facts on which the reporters of a case differ and on which nobody of staff has decided since."""
    numbers = {report.id: number for number, report in enumerate(list_reports(case), start=1)}
    current = {row.fact_id: row for row in list_facts(case)}
    said: dict[str, dict[int, Any]] = {}
    rows = db.session.scalars(
        select(CaseFact)
        .where(CaseFact.case_id == case.id, CaseFact.report_id.is_not(None), CaseFact.is_confirmed)
        .order_by(CaseFact.stated_at, CaseFact.is_current, CaseFact.id)
    )
    for row in rows:
        if row.report_id in numbers:
            said.setdefault(row.fact_id, {})[numbers[row.report_id]] = row.value_json(case.data_key)
    joins = list_joins(case)
    return [
        _difference(fact_id, by_report, current[fact_id].value_json(case.data_key))
        for fact_id, by_report in sorted(said.items())
        if _differ(by_report) and fact_id in current and not _settled(current[fact_id], joins)
    ]


def _differ(by_report: Mapping[int, Any]) -> bool:
    values = list(by_report.values())
    return any(value != values[0] for value in values)


def _settled(row: CaseFact, joins: Sequence[CaseJoin]) -> bool:
    return row.report_id is None and all(row.stated_at >= join.joined_at for join in joins)


def _difference(fact_id: str, by_report: Mapping[int, Any], in_force: Any) -> Difference:
    definition = registry().get(fact_id)
    said = tuple((number, _words(fact_id, value)) for number, value in sorted(by_report.items()))
    return Difference(fact_id, definition.title if definition else fact_id, said, _words(fact_id, in_force))


def _words(fact_id: str, raw: Any) -> str:
    definition = registry().get(fact_id)
    if definition is None:
        return str(raw)
    try:
        return display(definition, from_json(definition, raw))
    except FactValueError:
        return str(raw)
